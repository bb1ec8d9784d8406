"""The WebSocket half of the ASGI application."""

from channels.auth import AuthMiddlewareStack
from channels.routing import URLRouter
from channels.security.websocket import AllowedHostsOriginValidator


def websocket_app():
    """Sockets for browsers of this site only: Origin, then session and user, then address."""
    # Consumers import models, so they are imported once the app registry is ready.
    from jobs.routing import websocket_urlpatterns

    return AllowedHostsOriginValidator(AuthMiddlewareStack(URLRouter(websocket_urlpatterns)))
