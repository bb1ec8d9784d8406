"""Staff see the spine in the admin, and change it by the services alone."""

from django.urls import reverse

from synapse.cycles.models import Phase
from synapse.cycles.states import PhaseState
from tests.factories.accounts import (
    make_admin,
)


def test_the_admin_shows_everything_and_changes_nothing(client, approved):
    client.force_login(make_admin())
    phase = approved.phase
    for model, pk in [
        ("report", phase.cycle_report.report_id),
        ("testcycle", phase.cycle_report.cycle_id),
        ("cyclereport", phase.cycle_report_id),
        ("phase", phase.pk),
        ("assignment", phase.assignments.get().pk),
    ]:
        assert client.get(reverse(f"admin:cycles_{model}_changelist")).status_code == 200
        url = reverse(f"admin:cycles_{model}_change", args=[pk])
        assert client.get(url).status_code == 200
        assert client.post(url, {"state": "complete"}).status_code == 403
        assert client.post(reverse(f"admin:cycles_{model}_delete", args=[pk])).status_code == 403


def test_admin_actions_go_through_the_services(client, approved):
    client.force_login(make_admin())
    url = reverse("admin:cycles_phase_changelist")
    client.post(url, {"action": "complete", "_selected_action": [approved.phase_id]})
    phase = Phase.objects.get(pk=approved.phase_id)
    assert phase.state == PhaseState.COMPLETE
    response = client.post(
        url,
        {"action": "complete", "_selected_action": [approved.phase_id]},
        headers={"Referer": f"http://testserver{url}"},
    )
    assert "only a phase in progress" in client.get(response["Location"]).content.decode()
