"""Sampling over REST."""

routes = []
