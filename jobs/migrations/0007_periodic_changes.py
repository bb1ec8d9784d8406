"""Who switched a periodic task off or on last, and why."""

import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.db.models.functions import Now


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("jobs", "0006_event_facts"),
    ]

    operations = [
        migrations.AddField(
            model_name="periodictask",
            name="changed_by",
            field=models.ForeignKey(
                db_index=False,
                help_text="Who switched it off or on last",
                null=True,
                on_delete=models.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="periodictask",
            name="reason",
            field=models.CharField(db_default="", default="", max_length=300),
        ),
        migrations.AlterField(
            model_name="periodictask",
            name="declared_at",
            field=models.DateTimeField(
                db_default=Now(),
                default=django.utils.timezone.now,
                help_text="Slots after this moment count",
            ),
        ),
    ]
