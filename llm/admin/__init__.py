"""Staff read the audit trail and the policy's state; operators keep providers and routes."""

from llm.admin import choices, evaluations, policy, prompts, trail  # noqa: F401  each registers its own
