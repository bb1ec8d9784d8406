"""Rule sets and their rules in the admin: everything to see, nothing to change behind the services' back."""
