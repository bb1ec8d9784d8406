"""Rules of single records compiled to outcomes over one record."""

from synapse.profiling.rulebook.conditions import if_then
from synapse.profiling.rulebook.logic import Outcome
from synapse.profiling.rulebook.readings import Readings
from synapse.profiling.rulebook.rule import Rule
from synapse.profiling.rulebook.statements import Statements


class Compiler:
    """Compiles checked rules over the columns of one file; all share one table."""

    def __init__(self, read: Readings) -> None:
        self.table = read.table
        self.statements = Statements(read)

    def outcome(self, rule: Rule) -> Outcome:
        if rule.kind == "if_then":
            return if_then(rule.parameters, self.statements)
        return getattr(self.statements, rule.kind)(rule.attributes[0], rule.parameters)
