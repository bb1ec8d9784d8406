"""Populations, rules and what they say about the data of a report."""
