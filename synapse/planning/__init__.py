"""Planning: which fields a report has, what each means, and how each is governed."""
