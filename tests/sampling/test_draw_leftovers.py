"""What steps of a draw leave for one another goes, also after draws that never ended."""

import pytest
from django.core.files.storage import default_storage

from jobs.control import cancel, retry
from jobs.testing import run_pending
from synapse.profiling import storage
from synapse.sampling.options import DrawOptions
from synapse.sampling.services import drawing
from synapse.sampling.tasks import start_draw, start_first_draw

pytestmark = pytest.mark.django_db(transaction=True)

WISHED = DrawOptions(size=10, seed=7)


def left(sample_set):
    return storage.folders_in(f"samples/{sample_set.pk}")


@pytest.fixture
def cancelled(phase, tester, monkeypatch):
    """A draft whose draw was cancelled after its second step, and the job."""
    sample_set, job = start_first_draw(phase=phase, actor=tester, wished=WISHED)

    def cancelling(draw, payload):
        if payload["kind"] == drawing.POOL:
            cancel(job, actor=tester)
        return work(draw, payload)

    work = drawing.Draw.work
    with monkeypatch.context() as patch:
        patch.setattr(drawing.Draw, "work", cancelling)
        [job] = run_pending()
    assert job.status == "cancelled"
    assert left(sample_set) == [f"samples/{sample_set.pk}/draw-{job.pk}"]
    return sample_set, job


def test_the_next_draw_clears_what_a_cancelled_one_left(cancelled, tester):
    sample_set, _ = cancelled
    start_draw(sample_set=sample_set, actor=tester, wished=WISHED)
    [job] = run_pending()
    assert (job.status, left(sample_set)) == ("succeeded", [])
    assert job.message.startswith("10 samples of 200 records")


def test_a_draw_that_is_taken_up_again_goes_on_with_its_own(cancelled, tester, monkeypatch):
    sample_set, job = cancelled
    kept = default_storage.listdir(*left(sample_set))[1]
    seen = []

    def looking(draw, payload):
        seen.append((payload["kind"], default_storage.listdir(draw.folder)[1]))
        return work(draw, payload)

    work = drawing.Draw.work
    monkeypatch.setattr(drawing.Draw, "work", looking)
    retry(job, actor=tester)
    [job] = run_pending()
    assert (job.status, left(sample_set)) == ("succeeded", [])
    assert seen == [(drawing.CHOOSE, kept)]
