"""The annual run: parameters, the chapters' workbench, the notebooks one after another, the manifest."""
