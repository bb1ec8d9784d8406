"""The look's template tags: sections, fields, headings, durations, pairs."""

from datetime import timedelta

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory
from django.urls import resolve

from synapse.common.templatetags import look
from tests.factories.accounts import make_admin, make_tester


def at(address: str, user):
    request = RequestFactory().get(address)
    request.user = user
    request.resolver_match = resolve(request.path)
    return {"request": request}


def current(address: str, user) -> list[str]:
    return [place.label for place in look.sections(at(address, user)) if place.current]


@pytest.mark.django_db
def test_staff_see_users_and_audit_others_do_not():
    everybody = [place.label for place in look.sections(at("/", make_tester()))]
    staff = [place.label for place in look.sections(at("/", make_admin()))]
    assert everybody == ["To do", "Cycles", "Jobs", "Model calls", "Reports"]
    assert staff == [*everybody, "Users", "Audit"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "label"),
    [
        ("/", "To do"),
        ("/cycles/", "Cycles"),
        ("/cycle-reports/4/", "Cycles"),
        ("/reports/4/", "Reports"),
        ("/plans/4/", "Cycles"),
        ("/scopes/4/", "Cycles"),
        ("/jobs/4/", "Jobs"),
    ],
)
def test_each_page_belongs_to_one_section(address, label):
    assert current(address, make_tester()) == [label]


class Upload(forms.Form):
    name = forms.CharField(help_text="As people call it.")
    sure = forms.BooleanField(help_text="Tick it.")
    kind = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)


@pytest.mark.parametrize("name", ["name", "sure", "kind"])
def test_a_field_names_its_help_and_errors(name):
    bound = Upload({})[name]
    html = look.field(bound)
    described = bound.aria_describedby or bound.build_widget_attrs({}).get("aria-describedby", "")
    assert f'id="id_{name}_error"' in html
    assert "This field is required." in html
    assert all(f'id="{each}"' in html for each in described.split())
    assert described


def test_a_heading_sorts_and_keeps_the_filters():
    request = RequestFactory().get("/jobs/?status=failed&sort=name&page=3")
    html = look.sort_heading({"request": request}, "name", "Name")
    assert 'aria-sort="ascending"' in html
    assert "?status=failed&amp;sort=-name" in html
    assert "page" not in html


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, ""),
        (0.42, "0.4 s"),
        (timedelta(seconds=40), "40 s"),
        (timedelta(minutes=65), "1 h 5 min"),
        (timedelta(days=2, hours=3, minutes=9), "2 d 3 h"),
    ],
)
def test_durations_are_said_as_people_say_them(value, words):
    assert look.duration(value) == words


def test_pairs_of_a_dict_with_a_key_named_items():
    page = Template(
        "{% load look %}{% for name, value in given|pairs %}{{ name }}={{ value }} {% endfor %}"
    )
    assert page.render(Context({"given": {"items": 118, "status": "approved"}})) == (
        "items=118 status=approved "
    )


@pytest.mark.parametrize(
    ("value", "told"), [(1234567, "1,234,567"), (12, "12"), ("98.6", "98.6"), (None, None)]
)
def test_counts_are_grouped_and_nothing_else(value, told):
    assert look.grouped(value) == told
