"""The forecast's own record: how the chapter would have done in former years, at every level."""
