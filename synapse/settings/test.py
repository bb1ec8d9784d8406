"""Tests: a database server of their own in a temporary folder, unless DATABASE_URL names one."""

import os
import secrets
import tempfile

from synapse.settings import env

if not env.secret("DATABASE_URL"):
    # Inherited by the worker and web processes that tests start.
    name = f"syn-{secrets.token_hex(6)}"
    os.environ.setdefault("SYNAPSE_STATE", os.path.join(tempfile.gettempdir(), name))  # noqa: PTH118

from synapse.settings.base import *  # noqa: E402, F403  every setting of base
from synapse.settings.database import database, process_kind  # noqa: E402

SECRET_KEY = env.text("SECRET_KEY", "tests-only")
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]
DATABASES = {"default": database()}
if process_kind() == "command":
    # A test case is one transaction, in which it may think for as long as a busy machine takes.
    DATABASES["default"]["OPTIONS"]["options"] += " -c idle_in_transaction_session_timeout=300s"
INSTALLED_APPS = ["tests.support", *INSTALLED_APPS]  # noqa: F405  from base
# A test that counts jobs is not to meet the one that some hour brings.
JOBS = {**JOBS, "CLOCK": False}  # noqa: F405  from base
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
ENVIRONMENT_LABEL = "test"
MIDDLEWARE = ["tests.support.openapi.DocumentedAnswersMiddleware", *MIDDLEWARE]  # noqa: F405
