"""One machine, no set-up: embedded database, local addresses, a key made on the first start."""

from synapse.common.embedded import local_secret
from synapse.settings import env
from synapse.settings.base import *  # noqa: F403  every setting of base
from synapse.settings.database import database

SECRET_KEY = env.secret("SECRET_KEY") or local_secret()
DEBUG = env.boolean("DEBUG")
ALLOWED_HOSTS = env.listing("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1],testserver")
DATABASES = {"default": database()}
# Static files straight from the source tree, so a fresh clone needs no collecting step.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
ENVIRONMENT_LABEL = env.text("ENVIRONMENT_LABEL", "development")
