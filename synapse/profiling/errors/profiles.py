"""What profiling refuses about profiles, each with a stable code and the mend in its text."""
