"""Rule sets and rules in the admin: all to see, nothing to change behind the services' back."""
