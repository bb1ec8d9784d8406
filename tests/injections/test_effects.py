"""The corpus can fail: what it looks for is seen where it happens."""

import socket

import pytest

from synapse.cycles.services import approval
from synapse.planning.services.editing import add_attribute
from tests.factories.accounts import make_admin
from tests.injections import effects, orders, payloads, specifications
from tests.injections.orders import Order
from tests.injections.test_specifications import require_only_drafts

pytestmark = pytest.mark.django_db


def seen(step) -> list[effects.Effect]:
    before = effects.snapshot()
    step()
    return effects.between(before, effects.snapshot())


def test_an_approval_would_be_seen(plan, tester):
    add_attribute(plan=plan, actor=tester, name="Balance")
    approval.submit(version=plan, actor=tester)
    plan.refresh_from_db()
    changed = seen(lambda: approval.approve(version=plan, actor=plan.cycle_report.report.owner))
    (version,) = [effect for effect in changed if effect.table == "planning_plan"]
    assert version.kind == "changed" and "status" in version.columns
    with pytest.raises(AssertionError):
        require_only_drafts(changed)


def test_a_new_user_a_changed_and_a_deleted_row_would_be_seen(plan, tester):
    attribute = add_attribute(plan=plan, actor=tester, name="Balance")
    (user,) = [each for each in seen(make_admin) if each.table == "accounts_user"]
    assert user.kind == "new" and user.value("is_staff")
    rows = type(attribute).objects.filter(pk=attribute.pk)
    (changed,) = seen(lambda: rows.update(is_cde=True))
    assert (changed.kind, changed.columns) == ("changed", {"is_cde"})
    (gone,) = seen(rows.delete)
    assert (gone.table, gone.kind) == ("planning_attribute", "gone")


def test_a_connection_elsewhere_would_be_seen():
    with effects.connections() as reached, socket.socket() as listener, socket.socket() as caller:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        caller.connect(listener.getsockname())
        assert reached == [("socket.connect", listener.getsockname())]


@pytest.mark.parametrize("carrier", specifications.CARRIERS.keys() - specifications.NOT_SENT)
def test_the_obedient_model_finds_the_order_in_every_carrier(carrier):
    order = payloads.DRAFTING["invented"]
    text = specifications.CARRIERS[carrier](order)
    assert order in orders.found_in(text)


def test_an_order_is_found_as_it_was_given():
    order = Order(merge={"a": "ä"}, each={"b": [1]}, add=[{"c": None}], echo=True)
    assert orders.found_in(f"x {order.words()} y {order.sealed()}") == [order]
    assert orders.found_in("no order") == []


def test_there_are_enough_carriers_and_payloads():
    from tests.injections import dictionaries

    assert len(specifications.CARRIERS) + len(dictionaries.CARRIERS) >= 45
    assert len(payloads.DRAFTING) + len(payloads.JUDGING) >= 30
