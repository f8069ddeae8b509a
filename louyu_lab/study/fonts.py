"""The Chinese font that comes with the project: for figures, and cut down for the page.

Noto Sans SC (SIL Open Font License) lies in the ``pylopdf-fonts-zh-cn`` wheel, so that Chinese text
renders the same on every machine, with or without fonts of its own.
"""

from __future__ import annotations

import base64
import logging
from io import BytesIO
from pathlib import Path

#: Family name under which the page's style sheet finds the embedded font.
PAGE_FAMILY = "Louyu Sans"


def font_path() -> Path:
    """Return the font file."""
    from pylopdf_fonts_zh_cn import sans_path

    return sans_path()


def use_chinese_font() -> None:
    """Make matplotlib draw with the Chinese font; calling it again changes nothing.

    The minus sign becomes a plain hyphen, which every font holds.
    """
    import matplotlib as mpl
    from matplotlib import font_manager

    path = str(font_path())
    if all(entry.fname != path for entry in font_manager.fontManager.ttflist):
        font_manager.fontManager.addfont(path)
    family = font_manager.FontProperties(fname=path).get_name()
    mpl.rcParams["font.family"] = [family, "DejaVu Sans"]
    mpl.rcParams["axes.unicode_minus"] = False


def font_face_css(text: str) -> str:
    """Return an ``@font-face`` rule holding the characters of ``text`` and no others.

    The font is a WOFF in base64 inside the rule: nothing is loaded from elsewhere. The same
    characters give the same bytes. Characters that the font lacks are left to the reader's machine.
    """
    encoded = base64.b64encode(_subset(text)).decode("ascii")
    source = f'url("data:font/woff;base64,{encoded}") format("woff")'
    return f'@font-face{{font-family:"{PAGE_FAMILY}";font-display:swap;src:{source}}}'


def _subset(text: str) -> bytes:
    """Cut the font down to the characters of ``text``, as WOFF compressed with zlib."""
    from fontTools import subset

    logging.getLogger("fontTools").setLevel(logging.ERROR)
    options = subset.Options()
    options.flavor = "woff"
    options.layout_features = ["kern"]
    options.desubroutinize = True
    options.notdef_outline = True
    options.recalc_timestamp = False
    # The page shows the font's glyphs only; its names and variation data would be dead weight.
    options.name_IDs = [1, 2]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=sorted({ord(sign) for sign in text}))
    target = BytesIO()
    with subset.load_font(str(font_path()), options) as font:
        cutter.subset(font)
        subset.save_font(font, target, options)
    return target.getvalue()
