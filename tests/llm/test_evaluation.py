"""Frozen cases are asked over real HTTP; what is right is counted, kept and held side by side."""

import json
import re

import pytest
from django.core.management import CommandError, call_command

from llm.evaluation import comparison
from llm.evaluation.errors import NotComparable
from llm.models import Evaluation, LLMCall
from tests.llm.asking import OPERATION
from tests.llm.evaluating import evaluate, golden_entry, latest, version, write_golden

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def golden(tmp_path):
    return write_golden(tmp_path)


def test_recall_and_precision_are_printed_and_kept(simulator, golden, admin_user):
    said = evaluate(golden, "--by", admin_user.get_username())
    kept = Evaluation.objects.get()
    assert re.search(r"names +8 +8 +8  1\.000 \[0\.676, 1\.000\] +1\.000 \[0\.676, 1\.000\]", said)
    assert (kept.cases, kept.calls, kept.provider, kept.model) == (4, 4, "settings", "simulated-1")
    assert (kept.prompt_version, kept.simulated, kept.run_by) == ("3", True, admin_user.pk)
    assert (kept.tokens_in > 0, kept.tokens_out > 0) == (True, True)
    assert 0 < kept.latency_p50_ms <= kept.latency_p95_ms
    assert kept.figures["measures"]["names"]["recall"] == 1.0
    assert said.index("  names") < said.index("  scores")
    call = LLMCall.objects.order_by("id").first()
    assert (call.data_owner, call.owner_id, call.items) == ("evaluation", admin_user.pk, None)


def test_every_case_is_asked_anew(simulator, golden):
    evaluate(golden)
    evaluate(golden)
    assert simulator.stats()["served"] == 8
    assert not LLMCall.objects.filter(cached=True).exists()


def test_what_is_said_wrongly_and_not_at_all_is_counted(simulator, tmp_path):
    fields = golden_entry()["fields"][:-1]
    fields[0]["score"] = 15
    evaluate(write_golden(tmp_path, fields=fields))
    measures = latest().figures["measures"]
    names, scores = measures["names"], measures["scores"]
    assert (names["wanted"], names["found"], names["right"]) == (7, 8, 7)
    assert (names["recall"], names["precision"]) == (1.0, 7 / 8)
    assert (scores["wanted"], scores["found"], scores["right"]) == (7, 7, 6)


def test_a_case_that_fails_is_counted_and_the_others_go_on(simulator, golden):
    simulator.script("refusal")
    said = evaluate(golden)
    assert "1 of 4 cases without an answer: llm_refused 1" in said
    kept = latest()
    assert kept.figures["measures"]["names"]["recall"] == 6 / 8
    (failure,) = kept.figures["failures"]
    assert (failure["code"], failure["of_endpoint"]) == ("llm_refused", False)


def test_an_endpoint_that_asks_to_wait_is_waited_for(simulator, golden):
    simulator.script("rate_limit", retry_after=0.2)
    evaluate(golden, "--concurrency", "1")
    assert latest().figures["failures"] == []
    assert latest().figures["measures"]["names"]["recall"] == 1.0


def test_a_stand_in_for_a_key_is_not_taken_out_of_answers(simulator, golden, settings):
    settings.LLM = settings.LLM | {"API_KEY": "e"}
    evaluate(golden)
    assert latest().figures["measures"]["names"]["recall"] == 1.0


def test_what_takes_too_long_is_asked_once(simulator, golden, settings):
    settings.LLM = settings.LLM | {"TIMEOUT": 0.5}
    simulator.script("hang")
    assert "1 of 4 cases without an answer: llm_timeout 1" in evaluate(golden)
    assert LLMCall.objects.count() == 4
    assert latest().figures["failures"][0]["of_endpoint"] is True


def test_a_refused_key_is_told_for_every_case(simulator, golden):
    simulator.script("auth", times=None)
    with pytest.raises(CommandError, match="The endpoint answered no case"):
        evaluate(golden)
    kept = latest()
    assert [each["code"] for each in kept.figures["failures"]] == ["llm_auth_failed"] * 4
    assert (kept.model, kept.figures["failures"][0]["of_endpoint"]) == ("simulated", True)
    assert kept.figures["measures"]["names"]["precision"] is None


def test_two_prompt_versions_stand_side_by_side(simulator, golden):
    version("short", output_tokens=10)
    said = evaluate(golden, "--prompt", "3", "--prompt", "short")
    good, cut_off = Evaluation.objects.order_by("id")
    assert cut_off.figures["measures"]["names"]["recall"] == 0.0
    assert {each["code"] for each in cut_off.figures["failures"]} == {"llm_truncated"}
    assert f"#{good.pk} prompt 3, settings  beside  #{cut_off.pk} prompt short, settings" in said
    assert re.search(r"names, recall +1\.000 .* -1\.000 +0\.0078 +worse", said)
    assert re.search(r"names, precision .* not comparable", said)
    back = {(each.measure, each.kind): each for each in comparison.compare(cut_off, good)}
    assert back["names", "recall"].verdict == "better"


def test_two_providers_stand_side_by_side(simulator, golden, settings):
    other = {"name": "second", "base_url": simulator.base_url, "model": "other", "simulated": True}
    settings.LLM = settings.LLM | {"PROVIDERS": [other], "PRICE_OUT": "2"}
    said = evaluate(golden, "--provider", "settings", "--provider", "second")
    first, second = Evaluation.objects.order_by("id")
    assert (first.provider, second.provider) == ("settings", "second")
    assert (first.cost > 0, second.cost) == (True, 0)
    assert re.search(r"names, recall +1\.000 .* \+0\.000 +1\.0000 +within chance", said)


def test_a_part_of_the_cases_is_no_evaluation_of_all(simulator, golden):
    evaluate(golden, "--most-cases", "2")
    part = latest()
    assert (part.cases, part.golden) == (2, "Eight names (2 of 4)")
    assert part.figures["measures"]["names"]["wanted"] == 4
    evaluate(golden)
    with pytest.raises(NotComparable, match="other texts"):
        comparison.compare(part, latest())


WRONG = {
    "sha256": ({"sha256": "0" * 64}, "sha256: the source is not the one"),
    "no_source": ({"source": {"path": "absent.md"}}, "source.path: .*absent.md can't be read"),
    "two_sources": ({"source": {"path": "a", "text": "b"}}, "source: give its path"),
    "other_operation": ({"operation": "llm.health"}, "operation: these cases are for llm.health"),
    "unknown_key": ({"more": 1}, "more: Extra inputs"),
    "no_fields": ({"fields": []}, "fields: List should have at least 1 item"),
    "bad_field": (
        {"fields": [{"name": "balance", "score": "many"}]},
        r"fields\[0\].score: Input should be a valid integer",
    ),
    "twice": (
        {"fields": [{"name": "balance", "score": 8}] * 2},
        r"fields\[1\]: it is the same as fields\[0\]",
    ),
    "not_there": ({"fields": [{"name": "nothing", "score": 8}]}, "fields: the text has no nothing"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_golden_file_that_is_wrong_is_refused_with_its_place(simulator, tmp_path, case):
    changes, said = WRONG[case]
    with pytest.raises(CommandError, match=f"golden.json, {said}"):
        evaluate(write_golden(tmp_path, **changes))
    assert simulator.stats()["served"] == 0


def test_a_file_that_is_no_golden_file_is_refused(tmp_path):
    path = tmp_path / "golden.json"
    with pytest.raises(CommandError, match="name a golden file with --golden"):
        evaluate(path)
    path.write_text('{"operation": ')
    with pytest.raises(CommandError, match="line 1, column 15: it is not JSON"):
        evaluate(path)
    path.write_bytes(b"\xff{}")
    with pytest.raises(CommandError, match="byte 0: it is not UTF-8"):
        evaluate(path)
    path.write_text(json.dumps([1]))
    with pytest.raises(CommandError, match="the file: it is no JSON object"):
        evaluate(path)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--provider", "nobody"], "No model provider is named 'nobody'"),
        (["--prompt", "9"], "there is no version 9"),
        (["--by", "nobody@example.org"], "There is no user nobody@example.org"),
        (["--most-cases", "0"], "--most-cases is a number from 1 on"),
    ],
)
def test_what_isn_t_there_is_said_before_anything_is_asked(simulator, golden, options, said):
    with pytest.raises(CommandError, match=said):
        evaluate(golden, *options)
    assert simulator.stats()["served"] == 0


def test_an_operation_that_can_t_be_evaluated_names_those_that_can(golden):
    with pytest.raises(CommandError, match="planning.draft_attributes, support.name_items"):
        call_command("evaluate", "llm.health", "--golden", str(golden))
    assert OPERATION == "support.name_items"
