"""What people see of populations: reads only, a fixed number of queries each."""
