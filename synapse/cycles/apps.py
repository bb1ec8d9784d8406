"""The cycles app."""

from django.apps import AppConfig


class CyclesConfig(AppConfig):
    name = "synapse.cycles"
    label = "cycles"

    def ready(self) -> None:
        from llm import surroundings
        from synapse.accounts.roles import Role
        from synapse.accounts.usage import register
        from synapse.cycles import selectors
        from synapse.cycles.model_calls import SpineSurroundings

        register(Role.TESTER, selectors.tester_uses)
        register(Role.REPORT_OWNER, selectors.owner_uses)
        register(Role.REPORT_EXECUTIVE, selectors.report_executive_uses)
        register(Role.TEST_EXECUTIVE, selectors.test_executive_uses)
        surroundings.register(SpineSurroundings())
