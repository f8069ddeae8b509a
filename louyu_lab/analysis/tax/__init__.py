"""Tax to come: histories of the buildings, simple methods, their back-test, intervals and tiers."""
