"""Pages of rule sets as tester, owner and stranger meet them."""

import pytest

from tests.factories.profiling import make_rule_set

pytestmark = pytest.mark.django_db


def test_the_rules_of_a_version_are_read_as_sentences(client):
    rule_set = make_rule_set()
    client.force_login(rule_set.cycle_report.tester)
    page = client.get(rule_set.get_absolute_url())
    assert page.status_code == 200
    assert "CycleEndingBalance" in page.content.decode()
