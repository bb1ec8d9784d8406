"""The pipeline's own parts: what it refuses before it starts, and how results are put down."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from synapse.sampling.pipeline import folder, tables
from synapse.sampling.pipeline.request import PipelineStopped, Request


@pytest.fixture
def request_of(tmp_path):
    for name in ("dictionary.csv", "population.csv"):
        (tmp_path / name).write_text("a\n1\n")

    def made(**options):
        values = {
            "report": "A report",
            "dictionary": tmp_path / "dictionary.csv",
            "population": tmp_path / "population.csv",
            "out": tmp_path / "out",
        }
        return Request(**values | options)

    return made


def test_a_request_that_can_be_met_passes(request_of):
    request = request_of()
    request.check()
    assert request.size_for(10_000) == 25
    assert request.size_for(10) == 10
    assert request_of(sample_size=40).size_for(10) == 40


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"report": "  "}, "--report is empty"),
        ({"sample_size": 0}, "a sample has 1 to 10,000"),
        ({"seed": -1}, "--seed -1"),
        ({"top": -3}, "--top -3"),
    ],
)
def test_options_out_of_range_are_named(request_of, options, words):
    with pytest.raises(PipelineStopped, match=words):
        request_of(**options).check()


def test_a_missing_file_and_a_folder_are_named_by_their_option(request_of, tmp_path):
    with pytest.raises(PipelineStopped, match=r"--rules .*: there is no such file"):
        request_of(rules=tmp_path / "none.csv").check()
    with pytest.raises(PipelineStopped, match=r"--cde .*: this is not a file"):
        request_of(cde=tmp_path).check()


def test_results_appear_whole(tmp_path):
    out = tmp_path / "deep" / "out"
    with folder.results(out) as made:
        (made / "a.csv").write_text("a\n")
        assert not out.exists()
    assert [path.name for path in out.iterdir()] == ["a.csv"]
    assert [path.name for path in out.parent.iterdir()] == ["out"]


def test_after_an_error_nothing_is_left_and_the_former_results_stay(tmp_path):
    out = tmp_path / "out"
    write_results(out, "first")
    with pytest.raises(ZeroDivisionError), folder.results(out) as made:
        (made / "a.csv").write_text("half")
        raise ZeroDivisionError
    assert (out / "a.csv").read_text() == "first"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_results_of_our_own_are_replaced_and_other_files_are_not(tmp_path):
    out = tmp_path / "out"
    write_results(out, "first")
    write_results(out, "second")
    assert (out / "a.csv").read_text() == "second"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    folder.require_free(foreign)
    (foreign / "thesis.txt").write_text("mine")
    with pytest.raises(PipelineStopped, match="did not write"):
        folder.require_free(foreign)
    with pytest.raises(PipelineStopped, match="not a folder"):
        folder.require_free(foreign / "thesis.txt")


def write_results(out, text):
    with folder.results(out) as made:
        (made / "a.csv").write_text(text)
        (made / folder.MANIFEST).write_text(json.dumps({"written_by": folder.WRITER}))


def test_cells_keep_numbers_mark_formulas_and_write_json(tmp_path):
    row = ["-12.50", "=1+1", None, True, {"b": 1, "a": "é"}, "a\nb", "+1-2"]
    count = tables.write(tmp_path / "a.csv", list("abcdefg"), [row])
    assert count == 1
    text = (tmp_path / "a.csv").read_bytes().decode("utf-8")
    assert text == (
        "a,b,c,d,e,f,g\n" + '-12.50,\'=1+1,,yes,"{""a"":""é"",""b"":1}","a\nb",\'+1-2\n'
    )


@pytest.mark.parametrize("place", ["/proc/results", "{}/thesis.txt/results"])
def test_a_place_that_takes_no_folder_is_told_before_anything_starts(place, tmp_path):
    (tmp_path / "thesis.txt").write_text("a file")
    out = Path(place.format(tmp_path))
    with pytest.raises(PipelineStopped, match="can't be written"):
        folder.require_free(out)
    assert [each.name for each in tmp_path.iterdir()] == ["thesis.txt"]


def test_ctrl_c_before_anything_was_begun_is_one_line(tmp_path, monkeypatch):
    def interrupted(*_args):
        raise KeyboardInterrupt

    monkeypatch.setattr("synapse.sampling.management.commands.pipeline.run", interrupted)
    files = {name: tmp_path / f"{name}.csv" for name in ("dictionary", "population")}
    with pytest.raises(CommandError, match="Stopped from outside"):
        call_command("pipeline", report="R", out=tmp_path / "out", **files)
