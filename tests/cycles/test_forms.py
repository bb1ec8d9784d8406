"""The spine's forms: nothing typed is lost, nothing unseen is overwritten."""

from django.urls import reverse

from tests.factories.accounts import make_admin, make_executive, make_tester
from tests.factories.cycles import make_cycle, make_report


def test_a_refused_form_keeps_what_was_typed(client, db):
    client.force_login(make_admin())
    taken, report = make_report(), make_report()
    address = reverse("cycles:report_update", args=[report.pk])
    sent = {
        "number": taken.number,
        "name": "Typed with care",
        "frequency": "annual",
        "owner": report.owner_id,
        "expected": report.lock_version,
    }
    refused = client.post(address, sent)
    assert refused.status_code == 422
    assert "Taken already" in refused.content.decode()
    assert "Typed with care" in refused.content.decode()


def test_edits_in_pages_never_overwrite_what_was_not_seen(client, cycle_report):
    client.force_login(make_admin())
    cycle, report = cycle_report.cycle, cycle_report.report
    for obj, name in ((report, "report_update"), (cycle, "cycle_update")):
        address = reverse(f"cycles:{name}", args=[obj.pk])
        shown = client.get(address).context["form"].initial
        type(obj).objects.filter(pk=obj.pk).update(lock_version=9)
        sent = {key: getattr(value, "pk", value) or "" for key, value in shown.items()}
        refused = client.post(address, sent | {"name": "Mine"})
        assert refused.status_code == 412
        assert "changed by somebody else" in refused.content.decode()
    address = reverse("cycles:tester_assign", args=[cycle_report.pk])
    sent = {"tester": make_tester().pk, "expected": 8}
    assert client.post(address, sent).status_code == 412


def test_a_cycle_is_handed_to_another_executive_in_pages(client, db):
    cycle, heir = make_cycle(), make_executive()
    client.force_login(make_admin())
    address = reverse("cycles:cycle_update", args=[cycle.pk])
    shown = client.get(address).context["form"].initial
    sent = {key: getattr(value, "pk", value) for key, value in shown.items()}
    assert client.post(address, sent | {"executive": heir.pk}).status_code == 302
    cycle.refresh_from_db()
    assert cycle.executive == heir
