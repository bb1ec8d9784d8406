"""What people see of profiles: reads only, a fixed number of queries each."""
