"""What profiling refuses about populations, each with a stable code and the mend in its text."""
