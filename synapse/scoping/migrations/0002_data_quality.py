"""An item of a scope knows the data quality that profiling measured."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("scoping", "0001_initial")]

    operations = [
        migrations.AddField(
            "scopeitem", "data_quality", models.PositiveSmallIntegerField(null=True)
        ),
        migrations.AddConstraint(
            "scopeitem",
            models.CheckConstraint(
                condition=models.Q(data_quality__isnull=True) | models.Q(data_quality__lte=100),
                name="scoping_item_quality",
            ),
        ),
    ]
