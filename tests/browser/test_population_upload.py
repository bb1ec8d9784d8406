"""A large population goes up in parts, and goes on where it broke off."""

import pytest
from django.urls import reverse

from synapse.profiling.models import Population
from synapse.profiling.services.uploading import PART_SIZE
from tests.browser.world import make_world
from tests.factories.profiling import make_profiling_phase

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(300),
]

ROWS = 2 * PART_SIZE // 16


@pytest.fixture
def large(tmp_path):
    """A little more than two parts."""
    path = tmp_path / "large.csv"
    rows = (f"{number:09},1,0.50\n" for number in range(ROWS))
    path.write_text("ReferenceNumber,Credit Card Type,CycleEndingBalance\n" + "".join(rows))
    return path


def test_an_upload_that_broke_off_goes_on_and_ends_imported(site, large):
    world = make_world()
    phase = make_profiling_phase(cycle_report=world.cycle_report)
    page = site.visitor(world.tester)
    sent = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "PUT" else 0)
    page.goto(reverse("profiling:population_upload", args=[phase.pk]))
    refuse = {"status": 422, "content_type": "application/problem+json",
              "body": '{"detail": "The disk is full."}'}  # fmt: skip
    page.route("**/parts/2/", lambda route: route.fulfill(**refuse))
    page.set_input_files("[name=file]", large)
    page.click("text=Upload and look")
    page.wait_for_selector("text=The disk is full.")
    population = Population.objects.get()
    assert list(population.upload_parts.values_list("number", flat=True)) == [1]

    page.unroute("**/parts/2/")
    sent.clear()
    page.click("text=Upload and look")
    page.wait_for_url(f"**{population.get_absolute_url()}", timeout=60_000)
    assert [url.split("/parts/")[1] for url in sent] == ["2/", "3/"]
    site.work("batch")
    page.wait_for_selector("text=Look and confirm", timeout=60_000)
    page.click("text=Look and confirm")
    page.click("button:has-text('Import')")
    page.wait_for_selector(".tag.ok:has-text('imported')", timeout=120_000)
    population.refresh_from_db()
    assert (population.row_count, population.size) == (ROWS, large.stat().st_size)
    assert [problem for problem in site.problems() if "422" not in problem] == []
