"""Fills and measures Celery on Redis; runs beside the project, in the peer's environment.

python -m tests.benchmarks.peers.celery_queue '{"pickups": 200, …}'
"""

import json
import os
import sys
import time
import uuid

import redis

from tests.benchmarks.measuring import Scale, measure
from tests.benchmarks.peers.celery_app import begin, nothing
from tests.benchmarks.peers.stamping import await_stamp

QUEUE, COPIED = "celery", "copied"
AT_ONCE = 1_000


class CeleryQueue:
    """See measuring.Served."""

    picks_up = True
    longest = 100_000

    def __init__(self):
        self.server = redis.Redis.from_url(os.environ["PEER_URL"])

    def fill(self, count: int) -> None:
        """Copies of one real message, each with an id of its own: sending takes a minute."""
        nothing.apply_async(queue=COPIED)
        model = json.loads(self.server.rpop(COPIED))
        model["properties"]["delivery_info"]["routing_key"] = QUEUE
        for begun in range(0, count, AT_ONCE):
            size = min(AT_ONCE, count - begun)
            self.server.lpush(QUEUE, *(self.copy(model) for _ in range(size)))

    def copy(self, model: dict) -> str:
        own = str(uuid.uuid4())
        model["headers"] |= {"id": own, "root_id": own}
        model["properties"] |= {"correlation_id": own, "delivery_tag": own}
        return json.dumps(model)

    def left(self) -> int:
        return self.server.llen(QUEUE) + self.server.hlen("unacked")

    def pickup(self) -> float:
        begin.apply_async()
        sent = time.monotonic()
        return await_stamp() - sent

    def asked(self) -> int:
        return self.server.info("stats")["total_commands_processed"]


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measure(CeleryQueue(), Scale(**json.loads(sys.argv[1])))))
