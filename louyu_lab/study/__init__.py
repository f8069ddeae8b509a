"""What the reader of a study sees: fonts, charts and the page."""
