"""The WSGI application: pages and API without sockets."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "synapse.settings.production")
application = get_wsgi_application()
