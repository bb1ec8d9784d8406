"""Brings the data quality that profiling measured into the items of a draft."""

from synapse.common.rewriting import rewrite
from synapse.profiling.selectors.profiles import quality_by_name
from synapse.scoping.attributes import same_field


def measured_quality(cycle_report) -> dict[str, int]:
    """Data quality (0 to 100) by what makes two attributes the same field."""
    return quality_by_name(cycle_report)


def refresh_quality(scope) -> int:
    """Takes over what the newest profile says; says for how many items that was news.

    Called in the transaction of the change that makes scores and advice follow.
    """
    quality = measured_quality(scope.phase.cycle_report)
    changed = []
    # With the version: an item that comes without it is asked for it one by one.
    for item in scope.scope_items.select_related("attribute").only(
        "version_id", "data_quality", "attribute__name"
    ):
        measured = quality.get(same_field(item.attribute))
        if item.data_quality != measured:
            item.data_quality = measured
            changed.append(item)
    rewrite(changed, ["data_quality"])
    return len(changed)
