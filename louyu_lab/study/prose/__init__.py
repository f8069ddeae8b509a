"""The sentences of the study: every number in them comes from a cell of a published table."""
