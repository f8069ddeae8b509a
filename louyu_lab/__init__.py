"""louyu_lab: a research workbench for the building economy of Chinese districts."""
