"""Patterns are judged by the engine itself, which is opened once for all of them."""

import duckdb

from synapse.profiling.rulebook import checking


def test_many_patterns_open_the_engine_once(monkeypatch):
    opened, connect = [], duckdb.connect

    def counted(*args, **options):
        opened.append(args)
        return connect(*args, **options)

    monkeypatch.setattr(checking.duckdb, "connect", counted)
    checking._engine.cache_clear()
    checking.pattern_problem.cache_clear()
    said = [checking.pattern_problem(f"[A-Z]{{{count}}}") for count in range(1, 50)]
    assert not any(said) and len(opened) == 1
    assert "no regular expression" in checking.pattern_problem("[A-Z")
    assert not checking.pattern_problem("[a-z]") and len(opened) == 1
