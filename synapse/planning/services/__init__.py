"""What may be done with plans, their documents and their attributes."""
