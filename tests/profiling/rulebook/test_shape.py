"""The JSON schema and the checker refuse the same data, and each fault points at its place."""

import copy

import jsonschema
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from synapse.profiling.rulebook import KINDS, InvalidRule, Rule, check, rule_schema
from synapse.profiling.rulebook.shape import shape_faults
from tests.profiling.rulebook.populations import FIELDS, population, rule
from tests.profiling.rulebook.strategies import PARAMETERS, record_rules
from tests.profiling.rulebook.test_sql import EACH

# What no JSON schema can say: one value against another, or a value as a text of its own grammar.
BEYOND = {"limits_crossed", "too_deep", "not_a_date_format", "too_many_digits"}
SCHEMA = jsonschema.Draft202012Validator(rule_schema())
plain = st.one_of(
    st.none(), st.booleans(), st.integers(-2, 200_000), st.floats(-9, 9), st.text(max_size=3),
    st.sampled_from(["", " ", "Name", "20240131", "7", "1.", ".", "month", "(", "YYYY", *KINDS]),
)  # fmt: skip
values = st.recursive(
    plain,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["column", "value", "sum", "all", "x"]), inner, max_size=2),
    ),
    max_leaves=4,
)


def test_the_schema_is_one():
    meta = jsonschema.Draft202012Validator(jsonschema.Draft202012Validator.META_SCHEMA)
    assert [error.message for error in meta.iter_errors(rule_schema())] == []


@pytest.mark.parametrize("each", EACH, ids=lambda each: each.kind)
def test_right_rules_are_right_for_both(each):
    data = each.to_dict()
    SCHEMA.validate(data)
    assert shape_faults(data) == []
    assert Rule.from_dict(data) == each


@settings(max_examples=300, deadline=None, phases=[Phase.generate], derandomize=True)
@given(st.data())
def test_spoiled_rules_are_judged_alike(data):
    rule_data = data.draw(st.sampled_from(EACH)).to_dict()
    if data.draw(st.booleans()):
        kind, attribute, _, parameters = data.draw(
            st.sampled_from([*PARAMETERS]).flatmap(record_rules)
        )
        rule_data |= {"kind": kind, "attributes": [attribute], "parameters": parameters}
    rule_data = copy.deepcopy(rule_data)
    for _ in range(data.draw(st.integers(0, 2))):
        spoil(data, rule_data)
    assert_alike(rule_data)


@settings(max_examples=100, deadline=None, phases=[Phase.generate], derandomize=True)
@given(values)
def test_any_json_is_judged_alike(data):
    assert_alike(data)


def assert_alike(data):
    by_checker = {fault["code"] for fault in shape_faults(data)}
    by_schema = [error.message for error in SCHEMA.iter_errors(data)]
    alike = bool(by_checker) is bool(by_schema) or not by_schema and by_checker <= BEYOND
    assert alike, (data, by_checker, by_schema)


def spoil(data, node):
    """Changes one place somewhere inside: another value, another key, or a key less."""
    while True:
        keys = [*node] if isinstance(node, dict) else [*range(len(node))]
        if not keys:
            return
        key = data.draw(st.sampled_from(keys))
        if not isinstance(node[key], dict | list) or not node[key] or data.draw(st.booleans()):
            break
        node = node[key]
    what = data.draw(st.sampled_from(["value", "value", "less", "more"]))
    if what == "less" and isinstance(node, dict):
        del node[key]
    elif what == "more" and isinstance(node, dict):
        node[data.draw(st.sampled_from(["min", "codes", "x/y", "factor", "is"]))] = data.draw(
            values
        )
    else:
        node[key] = data.draw(values)


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"rule_id": " "}, "/rule_id", "invalid_id"),
        ({"x/y~": 1}, "/x~1y~0", "unknown_field"),
        ({"kind": "python"}, "/kind", "not_a_choice"),
        ({"attributes": []}, "/attributes", "no_columns"),
        ({"attributes": ["Name", "Other"]}, "/attributes", "one_column"),
        ({"severity": "fatal"}, "/severity", "not_a_choice"),
        ({"parameters": {"values": ["a", None]}}, "/parameters/values/1", "not_a_value"),
        ({"parameters": {"values": ["a"], "code": 1}}, "/parameters/code", "unknown_parameter"),
        ({"parameters": {"values": [{}] }}, "/parameters/values/0", "not_a_value"),
    ],
)  # fmt: skip
def test_a_fault_of_shape_points_at_its_place(change, pointer, code):
    with pytest.raises(InvalidRule) as refused:
        Rule.from_dict(rule("in_set", "Name", values=["a"]).to_dict() | change)
    assert {"pointer": pointer, "code": code}.items() <= refused.value.errors[0].items()


@pytest.mark.parametrize("number", [float("inf"), float("nan"), 10**400, 1.5, True])
@pytest.mark.parametrize("kind", ["length", "range"])
def test_what_is_no_number_of_json_is_refused(kind, number):
    data = rule(kind, "Name", min=1).to_dict() | {"parameters": {"min": number}}
    assert bool(shape_faults(data)) is not (kind == "range" and number == 1.5)


@pytest.fixture(scope="module")
def columns():
    with population([{"Name": "a"}], FIELDS) as file:
        return file.columns


P = "/parameters"
BLANK = {"attribute": "Name", "is": "blank"}
LATE = {"all": [BLANK, {"attribute": "Nmae", "is": "blank"}]}
LOOSE = {"not": {"attribute": "Name", "is": "matches", "pattern": "a(?=b)"}}


@pytest.mark.parametrize(
    ("made", "pointer", "code"),
    [
        (rule("not_blank", "name"), "/attributes/0", "unknown_column"),
        (rule("unique", "Name", within=["Other", "x"]), P + "/within/1", "unknown_column"),
        (rule("compare", "Amount", op="<", right={"sum": ["x"]}), P + "/right", "unknown_column"),
        (rule("if_then", "Name", **{"if": LATE, "then": BLANK}),
         P + "/if/all/1/attribute", "unknown_column"),
        (rule("if_then", "Name", **{"if": BLANK, "then": LOOSE}),
         P + "/then/not/pattern", "bad_pattern"),
        *((rule("regex", "Name", pattern=pattern), P + "/pattern", "bad_pattern")
          for pattern in ("(", "a)(b", "(?<!a)b", r"(a)\1", r"\Qopen", "((a{99}){99}){99}")),
        (rule("range", "Name", min={"value": "a"}), P, "no_sense"),
        (rule("compare", "Opened", op="<", right="Closed", offset="1.5"), P, "no_sense"),
        (rule("compare", "Opened", op="<", right={"sum": ["Amount"]}, unit="month"), P, "no_sense"),
    ],
)  # fmt: skip
def test_what_does_not_fit_the_file_is_refused_at_its_place(columns, made, pointer, code):
    with pytest.raises(InvalidRule) as refused:
        check(made, columns)
    [fault] = refused.value.errors
    assert (fault["pointer"], fault["code"]) == (pointer, code)


def test_a_misspelt_column_is_told_its_neighbour(columns):
    with pytest.raises(InvalidRule, match="did you mean 'Amount'"):
        check(rule("not_blank", "Amonut"), columns)


def test_a_pattern_that_backtracks_elsewhere_takes_no_time_here():
    pattern, text = "(a+)+(a|a)*(a*)*b", "a" * 5_000
    with population([{"Name": text}, {"Name": text + "b"}]) as file:
        told = file.evaluate(made := rule("regex", "Name", pattern=pattern))
    assert told.records(made) == [1]
