"""Planted instructions in every kind of upload, and a model that obeys each of them."""
