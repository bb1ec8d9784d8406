"""Drafting is evaluated field by field; two real specifications, asked of the simulator."""

import hashlib
import io
import json

import pytest
from django.core.management import CommandError, call_command

from llm import prompts
from llm.models import Evaluation, PromptVersion
from synapse.planning.evaluated import ExpectedField, score
from synapse.planning.schemas import DraftedAttribute, DraftedAttributes
from synapse.planning.specification import Part
from tests.golden import OPERATION, write

SECTION = """## {number}. {name}
- Data type: Numeric / Integer
- Valid values: 1 = Fixed; 2 = Variable
"""


def evaluate(path, *options) -> str:
    out = io.StringIO()
    call_command("evaluate", OPERATION, "--golden", str(path), *options, stdout=out)
    return out.getvalue()


class Answer:
    """What a model answered, as far as the score looks."""

    def __init__(self, *drafted: dict):
        given = dict.fromkeys(DraftedAttribute.model_fields, "") | {"allowed_values": []}
        self.parsed = DraftedAttributes.model_validate(
            {"attributes": [given | each for each in drafted]}
        )


def marks(fields, *drafted):
    text = "1. Loan Type 1 = Fixed; 2 = Variable"
    scored = score(fields, [[(Part(1, text), Answer(*drafted))]])
    return {measure: {key: str(mark) for key, mark in of.items()} for measure, of in scored.items()}


KIND = ExpectedField(
    name="Loan Type", line_number=1, data_type="integer", requirement="", allowed_values=["1", "2"]
)


def codes(*said):
    return [{"code": code, "meaning": ""} for code in said]


def test_each_detail_is_right_wrong_or_missing():
    right = {
        "name": "LOAN  TYPE",
        "data_type": "integer",
        "allowed_values": codes("2", "1"),
        "quote": "Loan Type 1",
    }
    assert marks([KIND], right) == {
        "names": {"loan type": "wfr"},
        "data types": {"loan type": "wfr"},
        "requirement": {"loan type": ""},
        "allowed values": {"loan type": "wfr"},
        "quotes": {"loan type": "wfr"},
    }
    wrong = right | {
        "data_type": "date",
        "requirement": "mandatory",
        "allowed_values": codes("1"),
        "quote": "Loan Type: 1",
    }
    assert marks([KIND], wrong) == {
        "names": {"loan type": "wfr"},
        "data types": {"loan type": "wf"},
        "requirement": {"loan type": "f"},
        "allowed values": {"loan type": "wf"},
        "quotes": {"loan type": "wf"},
    }
    assert marks([KIND]) == {
        "names": {"loan type": "w"},
        "data types": {"loan type": "w"},
        "requirement": {"loan type": ""},
        "allowed values": {"loan type": "w"},
        "quotes": {"loan type": "w"},
    }


def test_what_the_text_leaves_open_is_not_counted():
    field = ExpectedField(name="Loan Type", line_number=1)
    scored = marks([field], {"name": "Loan Type", "data_type": "date", "requirement": "optional"})
    assert (scored["data types"], scored["requirement"], scored["allowed values"]) == ({}, {}, {})


def test_invented_and_repeated_names_are_said_wrongly():
    scored = marks([KIND], {"name": "Loan Type"}, {"name": "Loan type"}, {"name": "Colour"})
    assert scored["names"] == {"loan type": "wfr", "loan type #1": "f", "colour #1": "f"}


@pytest.mark.django_db(transaction=True)
def test_a_version_whose_answers_are_cut_off_is_seen_to_be_worse(simulator, tmp_path):
    names = [f"Field {chr(65 + number)}" for number in range(12)]
    text = "# Loans\n\n" + "".join(
        SECTION.format(number=number, name=name) for number, name in enumerate(names, start=1)
    )
    golden = {
        "operation": OPERATION,
        "name": "Twelve fields",
        "source": {"text": text},
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
        "fields": [
            {"name": name, "line_number": 3 + 3 * number, "allowed_values": ["1", "2"]}
            for number, name in enumerate(names)
        ],
    }
    path = tmp_path / "golden.json"
    path.write_text(json.dumps(golden))
    filed = prompts.load(OPERATION)
    short = filed.text.replace(f"version: {filed.version}\n", "version: short\n").replace(
        f"max_output_tokens: {filed.max_output_tokens}", "max_output_tokens: 20"
    )
    PromptVersion.objects.create(
        operation=OPERATION,
        version="short",
        text=short,
        hash=hashlib.sha256(short.encode()).hexdigest(),
    )
    said = evaluate(path, "--prompt", filed.version, "--prompt", "short")
    good, cut_off = Evaluation.objects.order_by("id")
    assert good.figures["measures"]["names"]["recall"] == 1.0
    assert good.figures["measures"]["allowed values"]["precision"] == 1.0
    assert cut_off.figures["failures"][0]["code"] == "llm_truncated"
    assert cut_off.calls > good.calls
    assert said.count("worse") >= 3


@pytest.mark.django_db(transaction=True)
def test_the_hmda_specification_is_read_whole_by_rule(simulator, tmp_path, sample_data):
    print(evaluate(write(tmp_path, sample_data, "hmda_lar")))
    measures = Evaluation.objects.get().figures["measures"]
    assert measures["names"]["wanted"] == 110
    for measure in ("names", "data types", "allowed values", "quotes"):
        assert (measures[measure]["recall"], measures[measure]["precision"]) == (1.0, 1.0)
    # The text tells no requirement, so a model that drafts one has invented it.
    assert (measures["requirement"]["wanted"], measures["requirement"]["found"]) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_d1_in_columns_of_a_page_is_asked_whole_and_scored_as_it_is(
    simulator, tmp_path, sample_data
):
    print(evaluate(write(tmp_path, sample_data, "fr_y14m_d1")))
    kept = Evaluation.objects.get()
    names = kept.figures["measures"]["names"]
    assert (names["wanted"], kept.figures["failures"]) == (118, [])
    assert kept.cases == kept.figures["cases_in_all"]
    assert kept.figures["measures"]["quotes"]["precision"] == 1.0


@pytest.mark.django_db
def test_a_field_is_looked_for_on_its_line(tmp_path, sample_data):
    path = write(tmp_path, sample_data, "hmda_lar")
    golden = json.loads(path.read_text())
    golden["fields"][3]["line_number"] = 99_999
    path.write_text(json.dumps(golden))
    with pytest.raises(CommandError, match=r"fields\[3\].line_number is 99999"):
        evaluate(path)
    golden["fields"][3] |= {"line_number": 24, "data_type": "money"}
    path.write_text(json.dumps(golden))
    with pytest.raises(CommandError, match=r"fields\[3\].data_type: Input should be 'string'"):
        evaluate(path)
