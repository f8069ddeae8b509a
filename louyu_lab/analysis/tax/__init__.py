"""Tax to come: any panel of short series, the tenants one by one, the two joined, and what leaders read."""
