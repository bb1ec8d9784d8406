"""Every address of the product at every role: somebody else's object is never shown or changed.

The addresses are read from the URL configuration, so a new one is tried, or must be named here.
"""

import pytest
from django.urls import URLResolver, get_resolver, reverse

from synapse.accounts.roles import Role
from synapse.audit.models import Entry
from tests.acceptance.everything import make_everything
from tests.factories.accounts import make_owner, make_tester, make_user
from tests.factories.cycles import make_cycle_report

SHUT = {403, 404}
# Who reads more than what they take part in: reports to add to cycles, people to name testers.
READS = {
    ("api:report-detail", Role.TEST_EXECUTIVE),
    ("cycles:report_detail", Role.TEST_EXECUTIVE),
    ("api:user-detail", Role.TEST_EXECUTIVE),
}
# Addresses that name no object: lists show one's own, forms ask for a role.
NO_OBJECT = {
    "help", "api:me", "api:schema", "api:docs",
    "accounts:login", "accounts:logout", "accounts:own_password", "accounts:token_list",
    "accounts:user_list", "accounts:user_create", "audit:entry_list", "cycles:home",
    "cycles:report_list", "cycles:report_create", "cycles:cycle_list", "cycles:cycle_create",
    "cycles:cycle_report_list", "planning:plan_list", "jobs:job_list", "api:rule-rule-schema",
    "jobs:job_export", "jobs:job_seen", "jobs:job_bulk", "jobs:savedfilter_list",
    "jobs:savedfilter_create", "api:job-bulk", "api:job-seen-all",
    "jobs:job_mark", "jobs:worker_list", "jobs:queue_list", "jobs:periodictask_list",
    "api:sample_sizes", "sampling:sample_size", "metrics",
    "llm:call_list", "llm:call_export", "llm:cost_report", "llm:cost_export",
    "api:modelcall-costs",
}  # fmt: skip
# What `pk` of a page is the number of, by the page's name up to its verb.
PAGE_OBJECTS = {
    "accounts:token": "token", "accounts:user": "user",
    "cycles:report": "report", "cycles:cycle_report": "cyclereport", "cycles:cycle": "cycle",
    "cycles:cycle_report_create": "cycle", "cycles:tester": "cyclereport", "cycles:phase": "phase",
    "planning:phase": "phase", "planning:plan_start": "phase", "planning": "plan",
    "scoping:phase": "scoping_phase", "scoping:scope_start": "scoping_phase", "scoping": "scope",
    "jobs:job": "job", "jobs:queue": "queue", "jobs:savedfilter": "savedfilter",
    "jobs:periodictask": "periodictask", "llm:call": "modelcall",
    "profiling:phase": "profiling_phase", "profiling:population_upload": "profiling_phase",
    "profiling:profile_start": "profiling_phase", "profiling:rule_set_start": "profiling_phase",
    "profiling:population": "population", "profiling:rejected_row": "population",
    "profiling:rule": "ruleset", "profiling:profile": "profile", "profiling:result": "profile",
    "profiling:attribute": "profile", "profiling:failure": "profile",
    "sampling:phase": "sampling_phase", "sampling": "sampleset",
}  # fmt: skip
NESTED = {
    "document": "document",
    "attribute": "attribute",
    "issue": "issue",
    "item_pk": "scopeitem",
    "rule": "rule",
    "sample_pk": "sample",
}


# A body that is right for every command, so that nothing but the right to it is in question.
BODY = {
    "reason": "Because.", "note": "Please.", "threshold": 1, "top_n": 1, "decision": "clear",
    "in_scope": None, "roles": [], "password": "a long enough one", "status": "open",
    "planned_start": "2030-01-01", "planned_end": "2030-01-02", "issue_id": "I-2", "name": "New",
    "number": "N-1", "starts_on": "2030-01-01", "ends_on": "2030-02-01", "line": "77",
    "kind": "dictionary", "username": "new", "email": "new@example.com",
}  # fmt: skip
BINARY = {"api:population-part"}
# Creating one's own: no business of anybody else.
CREATES = {("api:cycle-list", Role.TEST_EXECUTIVE)} | {("api:token-list", role) for role in Role}


def addresses(resolver=None, namespace=""):
    """Name and pattern of everything that can be asked for, the admin's site apart."""
    for each in (resolver or get_resolver()).url_patterns:
        if not isinstance(each, URLResolver):
            yield (f"{namespace}:{each.name}" if namespace else each.name), each
        elif each.namespace != "admin":
            yield from addresses(each, each.namespace or namespace)


ALL = dict(addresses())
API = {name: each for name, each in ALL.items() if name.startswith("api:")}
API_LISTS = [name for name in API if name.endswith("-list")]
API_OBJECTS = [name for name in API if name not in NO_OBJECT and name not in API_LISTS]
PAGES = [name for name in ALL if name not in API and name not in NO_OBJECT]


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.LLM = {}


@pytest.fixture
def everything(db):
    return make_everything(make_tester("tess"), make_owner("otto"))


@pytest.fixture(params=[role for role in Role if role != Role.ADMIN])
def role(request):
    return request.param


@pytest.fixture
def stranger(role, everything):
    """Somebody of the role; a tester and an owner work on something else of the kind."""
    person = make_user(roles=[role])
    if role == Role.TESTER:
        make_cycle_report(tester=person)
    if role == Role.REPORT_OWNER:
        make_cycle_report(owner=person)
    return person


@pytest.fixture
def body(everything):
    """With references to what is somebody else's."""
    return BODY | {
        "plan": everything["plan"],
        "document": everything["document"],
        "cycle": everything["cycle"],
        "report": everything["report"],
        "cycle_report": everything["cyclereport"],
        "phase": everything["scoping_phase"],
        "population": everything["population"],
        "rule_set": everything["ruleset"],
        "sample_set": everything["sampleset"],
        "items": [everything["scopeitem"]],
        "rules": [everything["rule"]],
        "samples": [everything["sample"]],
        "tester": everything["user"],
        "owner": everything["user"],
    }


def methods(name: str) -> list[str]:
    """What the address of the API answers to; HEAD, which comes with GET, apart."""
    known = getattr(API[name].callback, "actions", None) or {"get": ""}
    return [method for method in known if method != "head"]


def api_address(name: str, everything: dict[str, int]) -> str:
    values = {"pk": everything[name.split(":")[1].split("-")[0]], "number": 1}
    return reverse(name, kwargs={step: values[step] for step in ALL[name].pattern.converters})


def sent(name: str, method: str, body: dict) -> dict:
    """What a client sends: all but the parts of an upload speak JSON."""
    if method == "get":
        return {}
    if name in BINARY:
        return {"data": b"id,balance", "content_type": "application/octet-stream"}
    return {"data": body, "format": "json"}


def page_object(name: str) -> str | None:
    """The kind of object that a page's `pk` names: the longest entry that fits."""
    fitting = [key for key in PAGE_OBJECTS if name.startswith(key)]
    return PAGE_OBJECTS[max(fitting, key=len)] if fitting else None


def page_address(name: str, everything: dict[str, int]) -> str:
    pattern = ALL[name].pattern
    values = {"pk": everything[page_object(name)], "form": "csv"}
    values |= {step: everything[kind] for step, kind in NESTED.items()}
    steps = set(pattern.converters) | set(pattern.regex.groupindex)
    return reverse(name, kwargs={step: values[step] for step in steps})


def test_every_address_is_tried_or_named_here():
    kinds = set(everything_names())
    unknown = [name for name in API_OBJECTS if name.split(":")[1].split("-")[0] not in kinds]
    unknown += [name for name in PAGES if page_object(name) not in kinds]
    unknown += [
        name for name in NO_OBJECT if name not in ALL or "pk" in ALL[name].pattern.regex.groupindex
    ]
    assert unknown == []


def everything_names():
    return {
        "assignment", "attribute", "attributeprofile", "auditentry", "cycle", "cyclereport",
        "document", "issue", "job", "modelcall", "periodictask", "phase", "plan", "population",
        "profile",
        "profiling_phase", "queue", "report", "rule", "ruleresult", "ruleset", "sample",
        "sampleset", "sampling_phase", "savedfilter",
        "scope", "scopeitem", "scoping_phase", "token", "user",
    }  # fmt: skip


def test_no_command_and_no_read_of_the_api_reaches_a_foreign_object(
    api, everything, stranger, role, body
):
    client, before, open_ = api(stranger), Entry.objects.count(), []
    assert set(everything) == everything_names()
    for name in API_OBJECTS:
        address = api_address(name, everything)
        for method in methods(name):
            response = getattr(client, method)(
                address, **sent(name, method, body), headers={"If-Match": "*"}
            )
            reads = method == "get" and (name, role) in READS
            if (response.status_code == 200) != reads or response.status_code not in SHUT | {200}:
                open_.append(f"{method} {name}: {response.status_code} {response.content[:200]}")
    assert open_ == []
    assert Entry.objects.count() == before


def test_no_list_of_the_api_shows_or_takes_what_is_foreign(api, everything, stranger, role, body):
    client, open_ = api(stranger), []
    for name in API_LISTS:
        kind = name.split(":")[1].split("-")[0]
        shown = client.get(reverse(name))
        rows = shown.json()["results"] if shown.status_code == 200 else []
        reads = (f"api:{kind}-detail", role) in READS
        if shown.status_code not in {200, 403}:
            open_.append(f"get {name}: {shown.status_code}")
        if (everything[kind] in [row["id"] for row in rows]) != reads:
            open_.append(f"get {name}: {rows}")
        if "post" in methods(name):
            before = Entry.objects.count()
            made = client.post(reverse(name), body, format="json")
            if (made.status_code == 201) != ((name, role) in CREATES):
                open_.append(f"post {name}: {made.status_code} {made.content[:200]}")
            if made.status_code != 201 and Entry.objects.count() != before:
                open_.append(f"post {name}: something was written")
    assert open_ == []


def test_no_page_of_a_foreign_object_opens(client, everything, stranger, role, body):
    client.force_login(stranger)
    before, open_ = Entry.objects.count(), []
    sent = {name: "" if value is None else value for name, value in body.items()}
    for name in PAGES:
        address = page_address(name, everything)
        codes = [client.get(address).status_code, client.post(address, sent).status_code]
        reads = (name, role) in READS
        if set(codes) - {405} - SHUT - ({200} if reads else set()) or codes == [405, 405]:
            open_.append(f"{name}: {codes}")
    assert open_ == []
    assert Entry.objects.count() == before


def test_nothing_opens_without_a_login(api, client, everything):
    open_ = []
    for name in [*API_LISTS, *API_OBJECTS, "api:me"]:
        address = api_address(name, everything) if name in API_OBJECTS else reverse(name)
        open_ += [
            f"{method} {name}"
            for method in methods(name)
            if getattr(api(), method)(address).status_code != 401
        ]
    free = {"help", "accounts:login", "accounts:logout"}
    for name in [*PAGES, *(each for each in NO_OBJECT - free if each not in API)]:
        address = page_address(name, everything) if name in PAGES else reverse(name)
        for response in (client.get(address), client.post(address)):
            if response.status_code not in {401, 405} and not response.get(
                "Location", ""
            ).startswith(reverse("accounts:login")):
                open_.append(f"{name}: {response.status_code}")
    assert open_ == []
