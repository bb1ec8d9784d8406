"""The look through the prompts of a session finds what is planted there, and fails the session."""

import json
from types import SimpleNamespace

import pytest

from tests.factories.profiling import make_population
from tests.fixtures_sent import FOUND, Found, judge, look, record_values, session_secrets
from tests.llm.asking import ask
from tests.support import sent

LOAN = "10Bx939c5543TqA1144M999143X10"


@pytest.fixture
def notes(monkeypatch, tmp_path):
    """A folder that this test's notes go to, and not to the session's."""
    monkeypatch.setenv(sent.FOLDER, str(tmp_path))
    return tmp_path


def planted(folder, text: str) -> Found:
    sent.note(folder / sent.PROMPTS, json.dumps(["support.name_items", [{"content": text}]]))
    return look(folder, {"setting SECRET_KEY": "s3cret-key"}, {LOAN})


def test_a_planted_value_and_a_planted_secret_are_found(notes):
    assert planted(notes, "a text of a specification, 12345678 and 87654321").leaks == []
    (leak,) = planted(notes, f"the loan {LOAN}.").leaks
    assert leak.startswith(LOAN)
    found = planted(notes, "the key s3cret-key")
    assert found.leaks[1].startswith("setting SECRET_KEY in")
    assert (found.prompts, found.values, found.secrets) == (3, 1, 1)
    assert "looked for 1 values of populations and 1 secrets in them: 2 found" in found.told()


def test_a_leak_fails_the_session():
    session = SimpleNamespace(config=SimpleNamespace(stash={}), exitstatus=0)
    judge(session, Found(prompts=1))
    assert session.exitstatus == 0
    judge(session, Found(prompts=1, leaks=["a value"]))
    assert session.exitstatus == pytest.ExitCode.TESTS_FAILED
    assert session.config.stash[FOUND].leaks == ["a value"]


def test_notes_cut_short_are_a_failure_too(notes, monkeypatch):
    monkeypatch.setattr(sent, "MOST", 100)
    found = planted(notes, "a")
    assert found.leaks == []
    assert "not all was looked at" in planted(notes, "a" * 200).leaks[0]


@pytest.mark.django_db(transaction=True)
def test_a_call_notes_its_prompt_and_an_import_its_values(notes, simulator, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    ask("balance", "a value like AB12345678")
    make_population(content=f"Loan,Amount\n{LOAN},5\nX,20240131\n".encode())
    assert "a value like AB12345678" in (notes / sent.PROMPTS).read_text()
    assert (notes / sent.VALUES).read_text().split() == [LOAN]
    assert look(notes, session_secrets(), {LOAN}).leaks == []


def test_values_are_those_of_imports_and_samples_that_nothing_published_has(notes, sample_data):
    sent.note(notes / sent.VALUES, LOAN)
    dictionary = sample_data / "hmda" / "dictionary" / "hmda_lar_dictionary_2024.csv"
    published = sent.telling(dictionary.read_text()) | sent.telling("AB98765432")
    assert len(published) > 1
    for value in published:
        sent.note(notes / sent.VALUES, value)
    values = record_values(notes)
    assert published & values == {"AB98765432"}
    assert len(values) > 1_000


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        (LOAN, {LOAN}),
        ("4111-2222; 41112223.75", {"41112223"}),
        ("20240131 20240131120000 2024-01-31", set()),
        ("100000000 1111111111", set()),
        ("Manufactured ABCDEFGH1", set()),
    ],
)
def test_which_values_tell(text, runs):
    assert sent.telling(text) == runs
