"""What if: one scenario against a finished run, answered at once and in a small report."""
