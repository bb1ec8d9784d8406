"""The smallest thing that is versioned and approved, for testing the base by itself."""

from django.db import models

from synapse.common.errors import Invalid
from synapse.common.versions import Version, version_constraints


class Paper(Version):
    approval_title = "Approve paper"
    fields_to_copy = ("topic",)

    topic = models.CharField(max_length=40, default="rates")

    class Meta:
        constraints = version_constraints("support_paper")

    def get_absolute_url(self):
        return f"/papers/{self.pk}/"

    def items(self):
        return self.lines.order_by("key")

    def canonical_items(self):
        return list(self.items().values("key", "text"))

    def check_submittable(self):
        if not self.items().exists():
            raise Invalid(reason="The paper is empty.")

    def copy_items_to(self, new):
        Line.objects.bulk_create(
            Line(paper=new, key=line.key, text=line.text) for line in self.items()
        )


class Line(models.Model):
    paper = models.ForeignKey(Paper, models.CASCADE, related_name="lines")
    key = models.CharField(max_length=20)
    text = models.CharField(max_length=100)

    def __str__(self):
        return self.key


class Remark(models.Model):
    """Hangs on an item, as a historical issue hangs on an attribute."""

    line = models.ForeignKey(Line, models.CASCADE, related_name="remarks")
    text = models.CharField(max_length=100)

    def __str__(self):
        return self.text
