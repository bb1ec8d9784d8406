"""What every test stands on: the database server of this run and the sample data."""

import os
import shutil
from pathlib import Path

import pytest
from django.db import connection
from hypothesis import HealthCheck, settings

from synapse.common import embedded

# The same examples each time, however long a busy machine takes over them.
settings.register_profile(
    "suite", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("suite")

PLUGINS = ["tests.fixtures_api", "tests.fixtures_llm", "tests.fixtures_sent"]
pytest_plugins = [name for name in PLUGINS if Path(*name.split(".")).with_suffix(".py").exists()]


def pytest_terminal_summary(terminalreporter, config):
    if config.option.markexpr == "not browser":
        terminalreporter.write_line(
            "Everything that needs no browser was run; .ci/run runs tests/browser in Chromium too."
        )


@pytest.fixture(scope="session")
def database_server():
    """The embedded server of this run, started when the first test needs a database."""
    if not embedded.in_use():
        yield
        return
    embedded.ensure_server(durable=False)
    yield
    embedded.stop_server()
    shutil.rmtree(embedded.state_folder(), ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(database_server):
    """pytest-django creates its database after the server is up."""


@pytest.fixture
def database_url(transactional_db):
    """The test database as a URL, for processes that a test starts; they see committed rows."""
    parts = connection.get_connection_params()
    host, port = parts.get("host", ""), parts.get("port", "")
    user, password = parts.get("user", ""), parts.get("password", "")
    query = f"host={host}" + (f"&port={port}" if port else "")
    secret = f":{password}" if password else ""
    return f"postgresql://{user}{secret}@/{parts['dbname']}?{query}"


@pytest.fixture
def child_environment(database_url):
    """Environment of a process of ours that works on this test's database."""
    return os.environ | {
        "DATABASE_URL": database_url,
        "DJANGO_SETTINGS_MODULE": "synapse.settings.test",
        "PYTHONPATH": str(embedded.BASE_DIR),
    }


@pytest.fixture(scope="session")
def sample_data():
    """The folder of real regulatory files."""
    folder = os.environ.get("SYNAPSE_SAMPLE_DATA")
    if not folder:
        pytest.skip("SYNAPSE_SAMPLE_DATA is not set: real regulatory files are not here")
    return Path(folder)
