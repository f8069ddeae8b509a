"""Chinese text draws everywhere: in figures, and in a page on a machine without Chinese fonts."""

from __future__ import annotations

import base64
import re
import warnings
from io import BytesIO

import matplotlib as mpl
import matplotlib.pyplot as plt
from fontTools.ttLib import TTFont

from louyu_lab.study.fonts import PAGE_FAMILY, font_face_css, use_chinese_font

#: Signs that turn up in tables and on axes, hard ones among them.
TEXT = "和安区楼宇经济（2020）：㎡、％、元/㎡·月、−3.5、“亿元楼”——①→≥"


def embedded(css: str) -> TTFont:
    data = re.search(r"base64,([A-Za-z0-9+/=]+)", css).group(1)
    return TTFont(BytesIO(base64.b64decode(data)))


def test_figures_draw_chinese_without_a_missing_glyph() -> None:
    use_chinese_font()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fig, axes = plt.subplots()
        axes.set_title(TEXT)
        axes.plot([-1, 0, 1], [-5, 0, 5], label="入驻率")
        axes.legend()
        fig.savefig(BytesIO(), format="png")
        plt.close(fig)


def test_calling_it_again_changes_nothing() -> None:
    use_chinese_font()
    settings, fonts = dict(mpl.rcParams), len(mpl.font_manager.fontManager.ttflist)
    use_chinese_font()
    assert dict(mpl.rcParams) == settings
    assert len(mpl.font_manager.fontManager.ttflist) == fonts
    assert mpl.rcParams["axes.unicode_minus"] is False


def test_the_pages_font_holds_the_signs_of_the_text_and_no_others() -> None:
    font = embedded(font_face_css("楼宇楼宇 A1㎡"))
    assert {chr(code) for code in font.getBestCmap()} == set("楼宇 A1㎡")
    assert font.flavor == "woff"  # zlib only: the standard library reads it, no brotli needed


def test_the_same_signs_give_the_same_bytes() -> None:
    assert font_face_css("楼宇经济") == font_face_css("济经宇楼楼")
    assert font_face_css("楼宇经济") != font_face_css("楼宇经营")


def test_a_sign_the_font_lacks_is_left_out_quietly() -> None:
    css = font_face_css("楼\U0001f600")
    assert {chr(code) for code in embedded(css).getBestCmap()} == {"楼"}
    assert f'font-family:"{PAGE_FAMILY}"' in css
    assert "http" not in css
