"""Many districts at once, here or on a cluster."""
