"""Choosing records: reasons, ranking, cover, mix and order, apart from any database."""
