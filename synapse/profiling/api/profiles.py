"""Profiles over REST."""

routes = []
