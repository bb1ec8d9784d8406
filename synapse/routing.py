"""Sends each ASGI connection to the application of its protocol."""

from jobs.asgi import websocket_app


def application(http):
    """An ASGI application: HTTP to Django, WebSocket to the job engine."""
    sockets = websocket_app()

    async def route(scope, receive, send):
        handler = sockets if scope["type"] == "websocket" else http
        return await handler(scope, receive, send)

    return route
