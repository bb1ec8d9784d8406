"""The spine over REST: the path of a cycle, and every role at every foreign object."""

import pytest

from synapse.accounts.roles import Role
from synapse.cycles.models import CycleReport
from tests.factories.accounts import make_admin, make_executive, make_owner, make_tester, make_user
from tests.factories.cycles import make_cycle, make_cycle_report, make_report


def test_an_executive_sets_a_cycle_up(api, db):
    executive, tester, report = make_executive(), make_tester(), make_report()
    client = api(executive)
    cycle = client.post(
        "/api/v1/cycles/",
        {"name": "Q3", "starts_on": "2026-07-01", "ends_on": "2026-09-30"},
        format="json",
    )
    assert cycle.status_code == 201
    where = cycle["Location"]
    changed = client.patch(
        where, {"status": "active"}, format="json", headers={"If-Match": cycle["ETag"]}
    )
    assert changed.json()["status"] == "active"
    added = client.post(
        "/api/v1/cycle-reports/",
        {"cycle": cycle.json()["id"], "report": report.pk, "tester": tester.pk},
        format="json",
    )
    assert added.status_code == 201
    body = added.json()
    kinds = [phase["kind"] for phase in body["phases"]]
    assert kinds[:4] == ["planning", "profiling", "scoping", "sampling"]
    assert body["phases"][0]["planned_start"] == "2026-07-01"
    assert body["phases"][-1]["planned_end"] == "2026-08-29"
    assert body["current_phase"] == "planning"
    twice = client.post(
        "/api/v1/cycle-reports/",
        {"cycle": cycle.json()["id"], "report": report.pk, "tester": tester.pk},
        format="json",
    )
    assert (twice.status_code, twice.json()["code"]) == (409, "report_in_cycle")


def test_a_tester_runs_phases(api, cycle_report, tester):
    client = api(tester)
    planning, profiling, scoping = list(cycle_report.phases.all())[:3]
    started = client.post(f"/api/v1/phases/{planning.pk}/start/")
    assert (started.status_code, started.json()["state"]) == (200, "in_progress")
    again = client.post(f"/api/v1/phases/{planning.pk}/start/")
    assert (again.status_code, again.json()["code"]) == (409, "wrong_state")
    early = client.post(f"/api/v1/phases/{scoping.pk}/start/")
    assert (early.status_code, early.json()["code"]) == (409, "gate_closed")
    undone = client.post(f"/api/v1/phases/{planning.pk}/complete/")
    assert (undone.status_code, undone.json()["code"]) == (409, "approved_version_missing")
    unreasoned = client.post(f"/api/v1/phases/{profiling.pk}/skip/", {}, format="json")
    assert unreasoned.status_code == 400


def test_dates_move_under_if_match(api, cycle_report, tester):
    client = api(tester)
    url = f"/api/v1/phases/{cycle_report.phase('scoping').pk}/"
    dates = {"planned_start": "2030-01-01", "planned_end": "2030-01-05"}
    tag = client.get(url)["ETag"]
    assert client.patch(url, dates, format="json").status_code == 428
    response = client.patch(url, dates, format="json", headers={"If-Match": tag})
    assert response.json()["planned_end"] == "2030-01-05"
    stale = client.patch(url, dates, format="json", headers={"If-Match": tag})
    assert stale.status_code == 412


def test_assignments_are_ones_own(api, pending, owner, tester):
    rows = api(owner).get("/api/v1/assignments/?status=open").json()["results"]
    assert [(row["kind"], row["subject_type"]) for row in rows] == [("approval", "paper")]
    assert api(tester).get("/api/v1/assignments/").json()["results"] == []
    foreign = api(tester).get(f"/api/v1/assignments/{rows[0]['id']}/")
    assert foreign.status_code == 404
    assert len(api(make_admin()).get("/api/v1/assignments/").json()["results"]) == 1


READS = ["cycles/{cycle}/", "cycle-reports/{row}/", "phases/{phase}/", "reports/{report}/"]
WRITES = [
    ("patch", "cycles/{cycle}/", {"name": "x"}),
    ("post", "cycle-reports/{row}/assign-tester/", {"tester": 1}),
    ("patch", "phases/{phase}/", {"planned_start": "2030-01-01", "planned_end": "2030-01-02"}),
    ("post", "phases/{phase}/start/", {}),
    ("post", "phases/{phase}/complete/", {}),
    ("post", "phases/{phase}/skip/", {"reason": "x"}),
    ("post", "phases/{phase}/reopen/", {"reason": "x"}),
]
# What the takers of part in this very cycle-report may do beyond reading.
MAY = {
    "tester": {"phases/{phase}/", "phases/{phase}/start/", "phases/{phase}/complete/"}
    | {"phases/{phase}/skip/"},
    "owner": set(),
    "report_executive": set(),
    "executive": {each for _, each, _ in WRITES},
}


def address(template, cycle_report):
    return "/api/v1/" + template.format(
        cycle=cycle_report.cycle_id,
        row=cycle_report.pk,
        phase=cycle_report.phase("planning").pk,
        report=cycle_report.report_id,
    )


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMIN])
def test_every_role_at_a_foreign_cycle_report_finds_nothing(api, cycle_report, role):
    stranger = make_user(roles=[role])
    # Somebody who takes part in another one of the kind.
    other = make_cycle_report(tester=stranger) if role == Role.TESTER else None
    client = api(stranger)
    for template in READS:
        if template.startswith("reports/") and role == Role.TEST_EXECUTIVE:
            continue  # sees the inventory, to add reports to cycles
        assert client.get(address(template, cycle_report)).status_code == 404, template
    for method, template, data in WRITES:
        response = getattr(client, method)(
            address(template, cycle_report), data, format="json", headers={"If-Match": "*"}
        )
        assert response.status_code == 404, template
    rows = client.get("/api/v1/cycle-reports/").json()["results"]
    assert [row["id"] for row in rows] == ([other.pk] if other else [])
    for name in ("cycles", "phases"):
        rows = client.get(f"/api/v1/{name}/").json()["results"]
        assert bool(rows) == bool(other), name


@pytest.mark.parametrize("part", list(MAY))
def test_taking_part_gives_just_the_rights_of_the_part(api, cycle_report, part):
    overseer = make_user(roles=[Role.REPORT_EXECUTIVE])
    cycle_report.report.executive = overseer
    cycle_report.report.save()
    person = {
        "tester": cycle_report.tester,
        "owner": cycle_report.owner,
        "report_executive": overseer,
        "executive": cycle_report.cycle.executive,
    }[part]
    client = api(person)
    for template in READS:
        assert client.get(address(template, cycle_report)).status_code == 200, template
    for method, template, data in WRITES:
        if data.get("tester"):
            data = {"tester": make_tester().pk}
        response = getattr(client, method)(
            address(template, cycle_report), data, format="json", headers={"If-Match": "*"}
        )
        refused = response.status_code == 403
        assert refused == (template not in MAY[part]), (template, response.content)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMIN])
def test_only_administrators_keep_the_inventory(api, db, role):
    report = make_report()
    client = api(make_user(roles=[role]))
    data = {"number": "N", "name": "N", "owner": report.owner_id}
    assert client.post("/api/v1/reports/", data, format="json").status_code == 403
    if role == Role.TEST_EXECUTIVE:
        response = client.patch(
            f"/api/v1/reports/{report.pk}/", {"name": "x"}, headers={"If-Match": "*"}, format="json"
        )
        assert response.status_code == 403


@pytest.mark.parametrize("role", [Role.TESTER, Role.REPORT_OWNER, Role.DATA_OWNER])
def test_only_executives_make_cycles(api, db, role):
    data = {"name": "Q", "starts_on": "2026-07-01", "ends_on": "2026-09-30"}
    client = api(make_user(roles=[role]))
    assert client.post("/api/v1/cycles/", data, format="json").status_code == 403


def test_an_executive_adds_nothing_to_a_foreign_cycle(api, db):
    client = api(make_executive())
    data = {"cycle": make_cycle().pk, "report": make_report().pk, "tester": make_tester().pk}
    assert client.post("/api/v1/cycle-reports/", data, format="json").status_code == 403
    assert not CycleReport.objects.exists()


def test_an_unfit_tester_is_refused(api, db):
    cycle, owner = make_cycle(), make_owner()
    data = {"cycle": cycle.pk, "report": make_report().pk, "tester": owner.pk}
    response = api(cycle.executive).post("/api/v1/cycle-reports/", data, format="json")
    assert (response.status_code, response.json()["code"]) == (422, "unfit_person")


@pytest.mark.parametrize("name", ["reports", "cycles", "cycle-reports", "phases", "assignments"])
def test_api_lists_cost_the_same_with_one_row_and_with_many(api, tester, name, measure):
    make_cycle_report(tester=tester)
    client = api(tester)
    client.get(f"/api/v1/{name}/")
    few = measure(lambda: client.get(f"/api/v1/{name}/"))
    for _ in range(8):
        make_cycle_report(tester=tester)
    assert measure(lambda: client.get(f"/api/v1/{name}/")) == few
