"""Django-Q2 and the job engine: queues, worker counts, timings."""

from synapse.settings import env

JOBS = {
    "WORKERS": {
        "default": env.integer("WORKERS_DEFAULT", 2),
        "llm": env.integer("WORKERS_LLM", 2),
        "batch": env.integer("WORKERS_BATCH", 1),
    },
    "KEEP_DAYS": env.days("JOBS_KEEP_DAYS", 90),
    # The model's SDK takes seconds to import on a busy machine.
    "PRELOAD": ["llm.warming"],
    "METRICS_TOKEN": env.secret("METRICS_TOKEN"),
    "API_VIEW": "synapse.common.api.ApiViewSet",
    "FACTS": "synapse.common.job_facts.of_job",
}

# The library's own options; jobs.cluster decides everything that matters (see jobs.checks).
Q_CLUSTER = {
    "name": "default",
    "orm": "default",
    "workers": 2,
    # Jobs after which a worker is replaced by a fresh process.
    "recycle": 10_000,
    "bulk": 1,
    "timeout": 3600,
    "retry": 14400,
    "max_attempts": 1,
    "ack_failures": True,
    "save_limit": -1,
    "catch_up": False,
    "scheduler": False,
    "label": "Queue",
}
