"""The WebSocket half of the ASGI application."""

from channels.routing import URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from channels.sessions import CookieMiddleware


def websocket_app():
    """Sockets for browsers of this site only.

    Session and user are asked for by the consumer, once it has accepted: Channels' own middleware
    asks the database within the handshake, which Daphne breaks off after 5 s.
    """
    # Consumers import models, so they are imported once the app registry is ready.
    from jobs.routing import websocket_urlpatterns

    return AllowedHostsOriginValidator(CookieMiddleware(URLRouter(websocket_urlpatterns)))
