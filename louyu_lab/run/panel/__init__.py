"""The what-if panel: sliders for the levers used most, and what comes of them, in a notebook or a page.

``open_panel`` is for the notebook; ``page.serve_page`` shows that notebook as a page without code.
"""

from louyu_lab.run.panel.opening import open_panel

__all__ = ["open_panel"]
