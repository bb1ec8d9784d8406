"""Profiling over REST."""

routes = []
