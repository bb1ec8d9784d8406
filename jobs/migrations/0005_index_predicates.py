"""Two indexes take in more: the unread mark also what lives, the pending jobs the paused."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("jobs", "0004_full_life"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="job",
            name="jobs_job_pending",
        ),
        migrations.RemoveIndex(
            model_name="job",
            name="jobs_job_unseen",
        ),
        migrations.AddIndex(
            model_name="job",
            index=models.Index(
                condition=models.Q(("status__in", ["queued", "waiting", "paused"])),
                fields=["id"],
                name="jobs_job_pending",
            ),
        ),
        migrations.AddIndex(
            model_name="job",
            index=models.Index(
                condition=models.Q(("owner__isnull", False), ("seen_at__isnull", True)),
                fields=["owner", "-id"],
                name="jobs_job_unseen",
            ),
        ),
    ]
