"""Fonts of the printed report: DejaVu Sans embedded; Chinese, Japanese and Korean by Adobe's CID fonts.

The CID fonts are named, not embedded: PDF readers bring them (Adobe-GB1, Adobe-Japan1, Adobe-Korea1).
A character that none of them has is written as its code point, so that nothing vanishes.
"""

from functools import cache
from itertools import groupby
from xml.sax.saxutils import escape

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont

from viewer.base.paths import resource

REGULAR, BOLD = "DejaVuSans", "DejaVuSans-Bold"
CHINESE, JAPANESE, KOREAN = "STSong-Light", "HeiseiMin-W3", "HYSMyeongJo-Medium"

_CODECS = {CHINESE: "gbk", JAPANESE: "shift_jis", KOREAN: "euc_kr"}
"""What each CID font can be trusted to have glyphs for."""

LAST_OF_BASIC_PLANE = 0xFFFF
"""reportlab writes a false ToUnicode entry beyond it, so that text could not be searched or copied."""

TAB_SPACES = 4
_KANA = (0x3040, 0x30FF)
_HANGUL = (0xAC00, 0xD7A3)


@cache
def register_fonts() -> frozenset[int]:
    """Make the fonts known to reportlab, once; the code points DejaVu Sans has in both weights."""
    embedded = [TTFont(name, str(resource("fonts", f"{name}.ttf"))) for name in (REGULAR, BOLD)]
    for font in embedded:
        pdfmetrics.registerFont(font)
    pdfmetrics.registerFontFamily(REGULAR, REGULAR, BOLD, REGULAR, BOLD)
    for name in _CODECS:
        pdfmetrics.registerFont(UnicodeCIDFont(name))
        pdfmetrics.registerFontFamily(name, name, name, name, name)
    regular, bold = (frozenset(font.face.charToGlyph) for font in embedded)
    return frozenset(point for point in regular & bold if point <= LAST_OF_BASIC_PLANE)


def markup(text: str, bold: bool = False) -> str:
    """Paragraph markup of any text: escaped, line ends kept, each run in a font that has its glyphs."""
    order = _cid_order(text)
    text = "\n".join(text.expandtabs(TAB_SPACES).splitlines())
    runs = groupby(text, key=lambda character: _font_of(character, order))
    body = "".join(_run(font, "".join(characters)) for font, characters in runs)
    return f"<b>{body}</b>" if bold else body


def _run(font: str, characters: str) -> str:
    if font == "":
        characters = "".join(f"[U+{ord(character):04X}]" for character in characters)
    words = escape(characters).replace("\n", "<br/>")
    return words if font in ("", REGULAR) else f'<font name="{font}">{words}</font>'


def _font_of(character: str, order: tuple[str, ...]) -> str:
    if character == "\n" or ord(character) in register_fonts():
        return REGULAR
    return next((font for font in order if _has(font, character)), "")


def _has(font: str, character: str) -> bool:
    try:
        return len(character.encode(_CODECS[font])) > 1
    except UnicodeEncodeError:
        return False


def _cid_order(text: str) -> tuple[str, ...]:
    """Which font first for ideographs: that of the script they stand among."""
    if _any_between(text, _KANA):
        return (JAPANESE, CHINESE, KOREAN)
    if _any_between(text, _HANGUL):
        return (KOREAN, CHINESE, JAPANESE)
    return (CHINESE, JAPANESE, KOREAN)


def _any_between(text: str, span: tuple[int, int]) -> bool:
    return any(span[0] <= ord(character) <= span[1] for character in text)
