"""Taking over the measured data quality."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from synapse.scoping.quality import refresh_quality
from tests.factories.scoping import make_scope, many_rows

pytestmark = pytest.mark.django_db


def test_it_asks_the_same_queries_whatever_the_size():
    def asked(count: int) -> int:
        scope = make_scope(rows=many_rows(count))
        with CaptureQueriesContext(connection) as captured:
            refresh_quality(scope)
        return len(captured)

    assert asked(40) == asked(4)
