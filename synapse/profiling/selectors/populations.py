"""What people see of populations: reads only, a fixed number of queries each."""

from django.db.models import QuerySet

from synapse.cycles.models import CycleReport
from synapse.cycles.selectors import visible_cycle_reports
from synapse.profiling.models import Population, RejectedRow


def visible_populations(user) -> QuerySet[Population]:
    rows = Population.objects.select_related(
        "cycle_report__report__owner",
        "cycle_report__cycle",
        "cycle_report__tester",
        "plan",
        "uploaded_by",
        "confirmed_by",
    )
    if user.is_administrator:
        return rows
    return rows.filter(cycle_report__in=visible_cycle_reports(user).order_by().values("pk"))


def current_population(cycle_report: CycleReport) -> Population | None:
    """The one that was imported last: what is profiled and sampled."""
    imported = Population.objects.filter(cycle_report=cycle_report, imported_at__isnull=False)
    return imported.order_by("-imported_at", "-pk").first()


def rejected_rows(population: Population) -> QuerySet[RejectedRow]:
    return population.rejected_rows.order_by("record_no")


def files_by_number(population: Population) -> list[tuple[range, str]]:
    """The files of an imported population, each with the numbers that its records may have.

    By the counts of the import. A rejected record has a number too, and is in no file.
    """
    found, first = [], 1
    counts = population.imported_parts.order_by("key").values_list(
        "file", "row_count", "rejected_count"
    )
    for file, rows, rejected in counts:
        if rows:
            found.append((range(first, first + rows + rejected), file))
        first += rows + rejected
    return found
