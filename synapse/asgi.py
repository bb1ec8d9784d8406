"""The ASGI application: pages and API over HTTP, progress over WebSocket."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "synapse.settings.development")
os.environ.setdefault("SYNAPSE_PROCESS", "web")
http = get_asgi_application()

from synapse.routing import application as _route  # noqa: E402  needs the app registry

application = _route(http)
