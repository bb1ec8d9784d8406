"""What people see of rule sets and their rules: reads only, a fixed number of queries each."""
