"""Rules as data: their vocabulary, sentence, SQL and evaluation."""
