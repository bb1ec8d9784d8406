"""Django-Q2 as shipped: its own broker, cluster and queues, connections as ours."""

import os

from synapse.settings.test import *  # noqa: F403  everything else is the same

Q_CLUSTER = {
    "name": "default",
    "cluster_name": "shipped",
    "orm": "default",
    "workers": 2,
    "recycle": 10_000,
    "bulk": int(os.environ.get("SHIPPED_BULK", "1")),
    "poll": 0.2,
    "timeout": 3600,
    "retry": 144_000,
    "ack_failures": True,
    "save_limit": -1,
    "scheduler": False,
}
