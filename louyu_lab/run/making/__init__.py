"""Making the chapters of one run: in order, each in a folder of its own, none in vain."""
