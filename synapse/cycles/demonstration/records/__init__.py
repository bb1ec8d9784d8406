"""Made-up records of FR Y-14M D.1 with labelled anomalies."""
