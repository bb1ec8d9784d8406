"""Saved filters of the job list: kept under a name, applied, deleted; one's own alone."""

import pytest
from django.test import Client
from django.urls import reverse

from jobs import saved
from jobs.errors import NameTaken
from jobs.models import SavedFilter
from tests.factories.accounts import make_admin, make_tester

pytestmark = pytest.mark.django_db


@pytest.fixture
def tester():
    return make_tester("tess")


@pytest.fixture
def client(tester):
    client = Client()
    client.force_login(tester)
    return client


def save(client, name: str, query: str = "status=failed", **options):
    return client.post(reverse("jobs:savedfilter_create") + f"?{query}", {"name": name}, **options)


def test_a_filter_is_saved_under_a_name_and_applied_by_a_link(client, tester):
    query = "search=a+b&status=failed&page=3&nonsense=1"
    asked = client.get(reverse("jobs:savedfilter_create") + f"?{query}").content.decode()
    assert "Search: a b · State: Failed" in asked
    page = save(client, " My failures ", query, follow=True)
    address = reverse("jobs:job_list") + "?search=a+b&status=failed"
    assert page.redirect_chain == [(address, 302)]
    kept = saved.saved_filters(tester).get()
    assert (kept.name, kept.query) == ("My failures", "search=a+b&status=failed")
    shown = page.context["saved"]
    assert shown == [{"name": kept.name, "query": kept.query, "current": True}]
    elsewhere = client.get(reverse("jobs:job_list")).content.decode()
    assert f'href="{address.replace("&", "&amp;")}">My failures' in elsewhere


@pytest.mark.parametrize(
    ("name", "query", "reason"),
    [
        ("Mine", "status=failed", "You have a filter named “Mine” already."),
        ("", "status=failed", "This field is required."),
        ("x" * 61, "status=failed", "at most 60 characters"),
        ("New", "search=" + "%E4%B8%96" * 90, "search for fewer words"),
    ],
)
def test_what_is_wrong_is_told_by_its_field(client, tester, name, query, reason):
    save(client, "Mine")
    response = save(client, name, query)
    assert response.status_code == 422
    assert reason in response.context["form"].errors["name"][0]
    assert response.context["form"].data["name"] == name
    assert saved.saved_filters(tester).count() == 1


def test_without_a_filter_there_is_nothing_to_save(client, tester):
    assert "No filter is chosen" in client.get(reverse("jobs:savedfilter_create")).content.decode()
    assert save(client, "All", "status=perhaps").status_code == 422
    assert not saved.saved_filters(tester).exists()


def test_they_are_bounded(client, tester, monkeypatch):
    monkeypatch.setattr(saved, "MOST", 2)
    for name in "ab":
        save(client, name)
    assert "delete one first" in save(client, "c").context["form"].errors["name"][0]


def test_two_people_may_use_the_same_name_and_one_may_not_twice(client, tester):
    other = make_admin("ada")
    for user in (tester, other):
        saved.save_filter(owner=user, name="Failures", query="status=failed")
    with pytest.raises(NameTaken):
        saved.save_filter(owner=other, name="Failures", query="status=live")
    assert SavedFilter.objects.count() == 2


def test_it_is_deleted_after_a_question_and_only_by_its_owner(client, tester):
    mine = saved.save_filter(owner=tester, name="Mine", query="status=failed")
    foreign = saved.save_filter(owner=make_admin("ada"), name="Hers", query="status=failed")
    listed = client.get(reverse("jobs:savedfilter_list")).content.decode()
    assert "State: Failed" in listed
    assert "Hers" not in listed
    for method in (client.get, client.post):
        address = reverse("jobs:savedfilter_delete", args=[foreign.pk])
        assert method(address).status_code == 404
    address = reverse("jobs:savedfilter_delete", args=[mine.pk])
    assert "Delete “Mine”?" in client.get(address).content.decode()
    gone = client.post(address, follow=True).content.decode()
    assert "The filter “Mine” is deleted." in gone
    assert "No saved filters" in gone
    assert SavedFilter.objects.get() == foreign
