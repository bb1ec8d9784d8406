"""Live progress: one LISTEN connection a process, fanned out to the sockets open in it."""

from jobs.live.hub import Change, Hub, Topic, Watcher, current_hub

__all__ = ["Change", "Hub", "Topic", "Watcher", "current_hub"]
