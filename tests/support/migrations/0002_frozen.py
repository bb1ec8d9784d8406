"""Papers and their lines are frozen as every version is."""

from django.db import migrations

from synapse.common.triggers import freeze_items, freeze_version


class Migration(migrations.Migration):
    dependencies = [("support", "0001_initial")]
    operations = [
        freeze_version("support_paper"),
        freeze_items("support_line", "support_paper", "paper_id"),
        freeze_items(
            "support_remark",
            "support_paper",
            "line_id",
            through=("support_line", "paper_id"),
        ),
    ]
