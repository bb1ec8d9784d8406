"""The page that adds a record: what it starts, what it shows of the job, what it refuses."""

import pytest

from jobs.testing import run_pending
from synapse.sampling.services.decisions import decide
from synapse.sampling.services.drafting import start_sample_set
from tests.sampling.pages import url

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def draft(phase, tester):
    """A draft without samples."""
    return start_sample_set(phase=phase, actor=tester)


def send(client, draft, **named):
    sent = {"reason": "Known.", "population": draft.population_id} | named
    return client.post(url("sampleset_add", draft), sent)


def test_the_page_of_the_samples_shows_the_job_until_the_record_is_decided(
    as_tester, draft, tester
):
    assert "AccountNumber" in as_tester.get(url("sampleset_add", draft)).content.decode()
    address = draft.get_absolute_url()
    assert send(as_tester, draft, key="A00007").url == address
    page = as_tester.get(address).content.decode()
    assert "looked up" in page and "data-job-bar" in page
    assert url("sampleset_add", draft) not in page
    run_pending()
    page = as_tester.get(address).content.decode()
    assert "Record 7 with the key A00007 was added." in page
    decide(sample=draft.samples.get(), actor=tester, decision="approved", lock_version=1)
    page = as_tester.get(address).content.decode()
    assert "was added" not in page and url("sampleset_add", draft) in page


def test_a_record_that_was_not_found_stands_in_the_form_again(as_tester, draft):
    send(as_tester, draft, key="A99999", reason="A complaint.")
    run_pending()
    told = "The population accounts.csv has no record with the key A99999."
    assert told in as_tester.get(draft.get_absolute_url()).content.decode()
    page = as_tester.get(url("sampleset_add", draft)).content.decode()
    assert told in page and 'value="A99999"' in page and "A complaint." in page


def test_a_record_named_of_another_population_is_refused(as_tester, draft):
    response = send(as_tester, draft, key="A00007", population=draft.population_id + 1)
    assert response.status_code == 412
    assert "of another population now" in response.content.decode()


def test_what_is_wrong_is_said_by_its_field(as_tester, draft):
    page = send(as_tester, draft, record_no="9999")
    assert page.status_code == 422 and b"has no record number 9999" in page.content
    assert page.context["form"].errors.keys() == {"record_no"}
