"""Ends the hub with its process: by the reactor's shutdown, or at exit as a last resort."""

import asyncio
import atexit
import sys
import weakref


def stop_with_process(hub) -> None:
    """Registers the hub's end; Daphne runs on Twisted's reactor, other servers end at exit."""
    reactor = sys.modules.get("twisted.internet.reactor")
    if reactor is not None and reactor.running:
        reactor.addSystemEventTrigger("before", "shutdown", _stop, hub)
    reference = weakref.ref(hub)
    atexit.register(_drop, reference)


def _stop(hub):
    """A Deferred, so the reactor waits for the connection to close."""
    from twisted.internet.defer import Deferred

    return Deferred.fromFuture(asyncio.ensure_future(hub.stop()))


def _drop(reference) -> None:
    hub = reference()
    if hub is not None:
        hub.listener.drop()
