"""Rules proposed from what a dictionary says of its attributes."""
