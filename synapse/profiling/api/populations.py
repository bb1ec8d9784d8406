"""Populations over REST."""

routes = []
