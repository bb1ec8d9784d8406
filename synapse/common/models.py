"""Answers kept so that a repeated request takes effect once."""

from django.conf import settings
from django.db import models


class IdempotentAnswer(models.Model):
    """What one user's request with one Idempotency-Key was answered."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=128)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField(default=dict)
    body = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="common_idempotentanswer_once")
        ]
        indexes = [models.Index(fields=["user", "created_at"], name="common_idempotent_age")]

    def __str__(self) -> str:
        return self.key
