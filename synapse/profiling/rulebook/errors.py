"""What the rule book refuses: a rule that can't mean anything, told by the place in it."""

from synapse.common.errors import Invalid


class InvalidRule(Invalid):
    """A rule whose shape, column or pattern is wrong; `errors` points at each fault."""

    code = "invalid_rule"
    message = "Rule {rule_id}: {reason}"

    @classmethod
    def of(cls, rule_id: str, faults: list[dict[str, str]]) -> "InvalidRule":
        """One error out of all faults of a rule; its text is the first few of them."""
        told = [f"{fault['pointer']}: {fault['detail']}" for fault in faults[:3]]
        if len(faults) > len(told):
            told.append(f"and {len(faults) - len(told)} more")
        return cls(errors=faults, rule_id=rule_id or "without an id", reason="; ".join(told))


def fault(pointer: str, code: str, detail: str) -> dict[str, str]:
    return {"pointer": pointer, "code": code, "detail": detail}
