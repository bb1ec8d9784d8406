"""The cycles app."""

from django.apps import AppConfig


class CyclesConfig(AppConfig):
    name = "synapse.cycles"
    label = "cycles"

    def ready(self) -> None:
        from synapse.accounts.roles import Role
        from synapse.accounts.usage import register
        from synapse.cycles import selectors

        register(Role.TESTER, selectors.tester_uses)
        register(Role.REPORT_OWNER, selectors.owner_uses)
        register(Role.REPORT_EXECUTIVE, selectors.report_executive_uses)
        register(Role.TEST_EXECUTIVE, selectors.test_executive_uses)
