"""What a cluster with nothing to do asks of the database, as the server's log tells it."""

import re
import time
from collections import Counter

import pytest
from django.db import connection

from synapse.common import embedded
from tests.chaos import tasks
from tests.jobs.test_cluster import begin, start_workers, wait_status

pytestmark = [pytest.mark.acceptance, pytest.mark.django_db(transaction=True)]
__all__ = ["start_workers"]

STATEMENT = re.compile(r"LOG:  (?:statement|execute [^:]*): *(.*)")
SETTLE_SECONDS, LOOK_SECONDS = 3, 12


@pytest.fixture
def server_log(transactional_db):
    """The log of the server, in which every connection made from now on leaves its statements."""
    if not embedded.in_use():
        pytest.skip("the log of the server named by DATABASE_URL is not here")
    name = connection.ops.quote_name(connection.settings_dict["NAME"])
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER DATABASE {name} SET log_statement = 'all'")
    yield embedded.data_folder() / "log"
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER DATABASE {name} RESET log_statement")


def test_an_idle_cluster_costs_less_than_a_query_a_second(server_log, start_workers):
    """One queue, two workers."""
    start_workers(workers=2)
    for _ in range(3):
        wait_status(begin(tasks.nothing), "succeeded")
    time.sleep(SETTLE_SECONDS)
    begun = server_log.stat().st_size
    time.sleep(LOOK_SECONDS)
    with server_log.open() as log:
        log.seek(begun)
        found = Counter(STATEMENT.findall(log.read()))
    rate = found.total() / LOOK_SECONDS
    print(f"\nidle cluster of 2 workers: {rate:.2f} queries a second")
    assert 0 < rate < 1, found
