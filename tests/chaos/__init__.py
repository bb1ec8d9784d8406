"""Kills processes while jobs run, then counts what the jobs did."""
