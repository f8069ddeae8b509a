"""Exit codes."""

DONE, FAILED, MEND = 0, 1, 2
