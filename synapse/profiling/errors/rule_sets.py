"""What profiling refuses about rule sets and their rules, each with a stable code and the mend in its text."""
