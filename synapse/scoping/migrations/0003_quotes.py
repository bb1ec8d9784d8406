"""A judgement knows the quote it rests on and where it occurs, or is marked as unsupported."""

from django.db import migrations, models
from django.db.models import Q

FIELDS = {
    "": "nowhere",
    "description": "description",
    "allowed_values": "allowed values",
    "format": "format",
    "name": "name",
}


class Migration(migrations.Migration):
    dependencies = [("scoping", "0002_data_quality")]

    operations = [
        migrations.AddField("scopeitem", "quote", models.TextField(blank=True)),
        migrations.AddField(
            "scopeitem",
            "quote_field",
            models.CharField(blank=True, choices=list(FIELDS.items()), default="", max_length=16),
        ),
        migrations.AddField("scopeitem", "quote_start", models.PositiveIntegerField(null=True)),
        migrations.AddField("scopeitem", "unsupported", models.BooleanField(default=False)),
        migrations.AddConstraint(
            "scopeitem",
            models.CheckConstraint(
                condition=Q(quote_field="", quote_start__isnull=True)
                | (
                    ~Q(quote="")
                    & Q(quote_field__in=[each for each in FIELDS if each])
                    & Q(quote_start__isnull=False, unsupported=False, judged_by="model")
                ),
                name="scoping_item_quoted",
            ),
        ),
        migrations.AddConstraint(
            "scopeitem",
            models.CheckConstraint(
                condition=Q(unsupported=False) | Q(judged_by="model"),
                name="scoping_item_unsupported",
            ),
        ),
    ]
