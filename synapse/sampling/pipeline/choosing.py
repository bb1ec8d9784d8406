"""Sample selection: records drawn by risk, taken by the tester, approved by the owner."""

from synapse.cycles.phases import PhaseKind
from synapse.sampling import tasks
from synapse.sampling.models import SampleSet
from synapse.sampling.options import DrawOptions
from synapse.sampling.pipeline.request import PipelineStopped
from synapse.sampling.pipeline.walk import Walk
from synapse.sampling.services.decisions import decide_many
from synapse.sampling.services.drafting import start_sample_set
from synapse.sampling.states import BulkDecision


def make_samples(walk: Walk) -> SampleSet:
    phase = walk.start(PhaseKind.SAMPLING)
    sample_set = SampleSet.objects.filter(phase=phase).first() or start_sample_set(
        phase=phase, actor=walk.tester
    )
    with walk.step("sample draw"):
        wished = DrawOptions(
            size=walk.request.size_for(sample_set.population.row_count), seed=walk.request.seed
        )
        job = tasks.start_draw(sample_set=sample_set, actor=walk.tester, wished=wished)
        walk.follow(job)
        sample_set.refresh_from_db()
        shortfalls = sample_set.report.get("shortfalls", [])
        for shortfall in shortfalls:
            walk.say(f"  {shortfall}")
        if not sample_set.samples.exists():
            raise PipelineStopped(reason=f"No record could be sampled. {' '.join(shortfalls)}")
    with walk.step("sample approval"):
        ids = sample_set.samples.order_by("pk").values_list("pk", flat=True)
        count = decide_many(
            sample_set=sample_set,
            actor=walk.tester,
            sample_ids=ids,
            decision=BulkDecision.APPROVE,
        )
        walk.say(f"  {count} records taken")
        sample_set = walk.through_approval(sample_set)
    walk.complete(PhaseKind.SAMPLING)
    return sample_set
