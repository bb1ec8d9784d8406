"""What waits in a cycle, as its executive follows it."""

from django.urls import reverse

from tests.factories.accounts import make_executive


def test_the_executive_sees_what_waits_and_for_whom(client, api, pending, owner):
    executive = pending.cycle_report.cycle.executive
    client.force_login(executive)
    address = reverse("cycles:cycle_detail", args=[pending.cycle_report.cycle_id])
    text = client.get(address).content.decode()
    assert "Waiting" in text
    assert str(owner) in text
    rows = api(executive).get("/api/v1/assignments/", {"assigned_to": owner.pk}).json()["results"]
    assert [row["assigned_to"]["id"] for row in rows] == [owner.pk]
    assert "Approve paper" not in client.get(reverse("cycles:home")).content.decode()


def test_another_executive_sees_nothing_of_it(api, pending):
    assert api(make_executive()).get("/api/v1/assignments/").json()["results"] == []
