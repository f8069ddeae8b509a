"""Whether a finished run is what it says it is."""
