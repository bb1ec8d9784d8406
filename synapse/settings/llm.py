"""The model endpoint: any OpenAI-compatible server; none configured is a valid state."""

from synapse.settings import env

LLM = {
    "PROVIDERS": env.objects("LLM_PROVIDERS"),
    "BASE_URL": env.text("LLM_BASE_URL"),
    "API_KEY": env.secret("LLM_API_KEY"),
    "MODEL": env.text("LLM_MODEL"),
    "SIMULATED": env.boolean("LLM_SIMULATED"),
    "TIMEOUT": env.number("LLM_TIMEOUT", 90),
    "CONNECT_TIMEOUT": env.number("LLM_CONNECT_TIMEOUT", 10),
    "DEADLINE": env.number("LLM_DEADLINE", 300),
    "STRUCTURED": env.text("LLM_STRUCTURED", "json_schema"),
    "DIALECT": env.text("LLM_DIALECT", "standard"),
    "CONTEXT_TOKENS": env.integer("LLM_CONTEXT_TOKENS", 0),
    "OUTPUT_TOKENS": env.integer("LLM_OUTPUT_TOKENS", 0),
    "PRICE_IN": env.number("LLM_PRICE_IN", 0),
    "PRICE_OUT": env.number("LLM_PRICE_OUT", 0),
    "KEEP_DAYS": env.days("LLM_KEEP_DAYS", 2555),
    "RPM": env.integer("LLM_RPM", 0),
    "TPM": env.integer("LLM_TPM", 0),
    "BUDGET_JOB": env.integer("LLM_BUDGET_JOB", 0),
    "BUDGET_USER_DAY": env.integer("LLM_BUDGET_USER_DAY", 0),
    "BUDGET_DAY": env.integer("LLM_BUDGET_DAY", 0),
}
