"""Pages for those who run the installation: workers, queues, what starts by the clock."""
