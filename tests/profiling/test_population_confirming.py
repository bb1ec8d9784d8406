"""How a tester sees what is read of a file, mends it, and lets it be imported."""

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.core.files.storage import default_storage

from jobs.testing import run_pending
from synapse.profiling.errors.populations import StoredFileMissing
from synapse.profiling.population_forms import values_of
from synapse.profiling.services.populations import confirm
from tests.factories.profiling import RECORDS, make_profiling_phase, make_uploaded_population
from tests.profiling.pages import text_of, url

pytestmark = pytest.mark.django_db

MISLED = """\
ReferenceNumber;Credit Card Type;CycleEndingBalance
1,0;2,1;3,5
4,0;5,1;6,5
"""


@pytest.fixture
def waiting(phase, as_tester):
    """Uploads a file, and gives what posts to its page along with what the page holds."""

    def upload(content=RECORDS, **options):
        population = make_uploaded_population(phase=phase, content=content, **options)
        return Confirming(as_tester, population)

    return upload


class Confirming:
    """The page as a browser sees it: what its form holds is sent back with what was changed."""

    def __init__(self, client, population):
        self.client, self.population = client, population
        self.address = url("population_confirm", population)
        self.reply = client.get(self.address)

    def held(self) -> dict:
        form = self.reply.context["form"]
        held = {name: form[name].value() for name in form.fields}
        held["shown"] = json.dumps(values_of(self.reply.context["look"].reading))
        held |= {row["field"]: row["value"] for row in self.reply.context["rows"]}
        return {name: value for name, value in held.items() if value is not False}

    def send(self, action="import", **changed):
        data = {name: value for name, value in (self.held() | changed).items() if value is not None}
        self.reply = self.client.post(self.address, data | {"action": action})
        self.population.refresh_from_db()
        return self.reply

    @property
    def page(self) -> str:
        return text_of(self.reply)

    def row(self, heading: str) -> dict:
        rows = self.reply.context["rows"]
        return next(row for row in rows if row["column"].heading == heading)

    def imported(self):
        run_pending()
        self.population.refresh_from_db()
        return self.population


def test_the_page_shows_how_the_file_is_read_and_what_its_columns_hold(waiting):
    page = waiting().page
    for told in ("Beginning of the data", "100.50", "Cycle Ending Balance", "comma", "0001 · 0002"):
        assert told in page
    assert '<datalist id="attributes">' in page


def test_what_is_right_is_imported_at_once(waiting):
    confirming = waiting()
    reply = confirming.send()
    assert reply.url == confirming.population.get_absolute_url()
    assert str(confirming.population.confirmed_by) == str(confirming.population.uploaded_by)
    assert confirming.imported().row_count == 5


def test_a_column_without_an_attribute_is_named_with_the_way_to_its_field(waiting):
    confirming = waiting(RECORDS.replace("CycleEndingBalance", "Saldo", 1))
    link = f'<a href="#{confirming.row("Saldo")["field"]}">Saldo</a>'
    assert f"1 column holds no attribute: {link}." in confirming.page
    matched = {confirming.row("Saldo")["field"]: "Cycle Ending Balance"}
    confirming.send("look", **matched)
    assert link not in confirming.page


def test_a_separator_is_mended_and_the_columns_are_shown_anew(waiting):
    confirming = waiting(MISLED)
    confirming.send("look", delimiter=",")
    assert confirming.reply.context["look"].reading.fields == 4
    confirming.send("look", delimiter=";")
    assert confirming.row("CycleEndingBalance")["value"] == "CycleEndingBalance"
    confirming.send()
    assert confirming.imported().reading["delimiter"] == ";"
    assert confirming.population.row_count == 2


def test_import_after_a_change_shows_the_columns_first(waiting):
    confirming = waiting()
    confirming.send("import", delimiter="|")
    assert "The file is now read otherwise" in confirming.page
    assert confirming.population.confirmed_at is None
    confirming.send("import", delimiter=",")
    assert confirming.population.confirmed_at is None
    confirming.send("import")
    assert confirming.imported().row_count == 5


def test_headings_and_lines_around_are_mended(waiting):
    content = "Filed by the bank\n" + RECORDS + "TOTAL,5,\n"
    confirming = waiting(content)
    reading = confirming.reply.context["look"].reading
    assert (reading.header, reading.skip) == (True, 1)
    confirming.send("look", skip=2, header=None, trailer=1)
    reading = confirming.reply.context["look"].reading
    assert (reading.header, reading.skip, reading.trailer) == (False, 2, 1)
    assert confirming.reply.context["look"].match.by == "order"
    confirming.send()
    assert confirming.imported().row_count == 5
    assert confirming.population.reading["trailer_lines"] == ["TOTAL,5,"]


def test_what_follows_from_a_new_separator_can_be_mended_too(waiting):
    """Found with headings under the new separator, it is yet read without, as the form says."""
    confirming = waiting(RECORDS.replace(",", "|"))
    confirming.send("look", header=None)
    confirming.send("look", header="on")
    assert confirming.reply.context["look"].reading.header
    confirming.send("look", delimiter=",")
    confirming.send("look", delimiter="|")
    confirming.send("look", header=None)
    assert not confirming.reply.context["look"].reading.header


def test_a_column_is_matched_by_any_name_of_its_attribute(waiting):
    confirming = waiting(RECORDS.replace("CycleEndingBalance", "Col7"))
    assert confirming.row("Col7")["value"] == ""
    assert "1 attribute of the plan without a column" in confirming.page
    confirming.send("look", column_3="M058")
    assert confirming.row("Col7")["value"] == "CycleEndingBalance"
    confirming.send()
    assert confirming.imported().columns[2]["attribute_id"]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("Cycle Endin Balance", "did you mean “CycleEndingBalance”?"),
        ("Reference Number", "already holds this attribute"),
    ],
)
def test_a_wrong_match_is_told_at_its_column(waiting, typed, words):
    confirming = waiting()
    confirming.send(column_3=typed)
    row = confirming.row("CycleEndingBalance")
    assert words in row["error"]
    assert row["value"] == typed
    assert f'id="{row["field"]}_error"' in confirming.page
    assert confirming.population.confirmed_at is None


def test_a_column_may_hold_no_attribute(waiting):
    confirming = waiting()
    confirming.send(column_2="")
    assert confirming.imported().columns[1]["attribute_id"] is None


def test_a_client_that_sends_no_matches_keeps_them(waiting):
    confirming = waiting()
    held = {name: value for name, value in confirming.held().items() if "column_" not in name}
    confirming.client.post(confirming.address, held)
    assert not confirming.imported().confirmed_at
    confirming.client.post(confirming.address, held | {"action": "import"})
    assert all(column["attribute_id"] for column in confirming.imported().columns)


def test_a_key_without_a_column_is_an_alarm(waiting):
    confirming = waiting("Credit Card Type,CycleEndingBalance\n1,2\n2,3\n")
    assert "Key without a column:" in confirming.page
    assert [each.name for each in confirming.reply.context["missing_keys"]] == ["Reference Number"]


def test_values_unlike_the_planned_type_are_marked(waiting):
    confirming = waiting(RECORDS.replace("100.50", "much"))
    row = confirming.row("CycleEndingBalance")
    assert row["unlike"] == ["much", "NA"]
    assert row["planned"] == "decimal number"
    assert "unlike it: much · NA" in confirming.page
    assert confirming.row("ReferenceNumber")["unlike"] == []


def test_a_wrong_encoding_is_told_at_its_field(waiting):
    confirming = waiting(RECORDS.replace("0001", "Zoë").encode())
    reply = confirming.send("look", encoding="utf-16-le")
    assert reply.status_code == 422
    assert "Choose its encoding" in reply.context["form"].errors["encoding"][0]
    assert "id_encoding_error" in confirming.page
    assert confirming.row("ReferenceNumber")["samples"][0] == "Zoë"


def test_nonsense_in_the_form_is_told_and_nothing_shown_is_lost(waiting):
    confirming = waiting()
    for changed, words in [
        ({"skip": "many"}, "Enter a whole number"),
        ({"skip": "-1"}, "greater than or equal to 0"),
        ({"delimiter": "#"}, "Select a valid choice"),
        ({"shown": "{"}, "Enter a valid JSON"),
        ({"shown": "[1]"}, "sent incomplete"),
        ({"expected": ""}, "This field is required"),
    ]:
        confirming.reply = confirming.client.get(confirming.address)
        reply = confirming.send(column_3="typed by hand", **changed)
        assert words in confirming.page, changed
        assert reply.status_code == 200
        assert confirming.row("CycleEndingBalance")["value"] == "typed by hand"
    assert confirming.population.confirmed_at is None


def test_more_lines_passed_over_than_there_are_is_refused_at_the_field(waiting):
    confirming = waiting()
    reply = confirming.send("look", skip=400)
    assert reply.status_code == 422
    assert reply.context["form"].errors["skip"]


def test_a_stale_page_confirms_nothing(waiting, tester):
    confirming = waiting()
    confirm(population=confirming.population, actor=tester)
    reply = confirming.send()
    assert reply.status_code == 412
    assert "was changed by somebody else" in confirming.page


def test_what_was_confirmed_stays_when_it_is_looked_at_again(waiting, tester):
    confirming = waiting()
    columns = confirming.reply.context["look"].match.columns
    chosen = {column.position: column.attribute_id for column in columns} | {2: None}
    confirm(population=confirming.population, actor=tester, matches=chosen)
    confirming.reply = confirming.client.get(confirming.address)
    assert confirming.row("Credit Card Type")["value"] == ""


def test_a_file_read_as_the_page_says_is_read_as_it_was_found(waiting):
    """Fixing all that was detected changes nothing, so looking again is safe."""
    for content in (RECORDS, MISLED, "x\n" + RECORDS + "TOTAL,5,\n", "1|a\n2|b\n"):
        confirming = waiting(content)
        found = confirming.reply.context["look"]
        confirming.send("look")
        assert confirming.reply.context["look"] == found


def test_the_file_is_opened_only_to_be_read_in_another_way(waiting, tester):
    """Page and confirmation take what the upload found: a large workbook takes long to look at."""
    confirming = waiting()
    default_storage.delete(confirming.population.file.name)
    assert confirming.client.get(confirming.address).status_code == 200
    assert confirming.send("look").status_code == 200
    confirm(population=confirming.population, actor=tester)
    with pytest.raises(StoredFileMissing):
        confirm(population=confirming.population, actor=tester, reading={"skip": 1})


def test_parquet_has_nothing_to_choose(waiting):
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table({"ReferenceNumber": ["1"], "CycleEndingBalance": ["2"]}), sink)
    confirming = waiting(sink.getvalue().to_pybytes(), name="records.parquet")
    assert "Parquet says itself" in confirming.page
    confirming.send()
    assert confirming.imported().row_count == 1


def test_a_wide_file_of_2000_columns_can_be_confirmed(client):
    fields = [{"name": f"Field {n}", "line": str(n)} for n in range(1, 2001)]
    phase = make_profiling_phase(fields=fields)
    client.force_login(phase.cycle_report.tester)
    lines = ["|".join(each["name"] for each in fields), "|".join("1" * 2000)]
    population = make_uploaded_population(phase=phase, content="\n".join(lines))
    confirming = Confirming(client, population)
    confirming.send()
    assert len(confirming.imported().columns) == 2000
