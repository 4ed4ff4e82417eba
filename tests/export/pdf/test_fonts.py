"""Each run of text in a font that has its glyphs; nothing vanishes."""

import pytest

from viewer.export.pdf.fonts import CHINESE, JAPANESE, KOREAN, markup


def test_latin_greek_and_cyrillic_stay_in_the_embedded_font() -> None:
    text = "Müller Ελένη Жуков ≥ 5 µm"
    assert markup(text) == text


def test_what_looks_like_markup_is_printed_not_obeyed() -> None:
    assert markup("<b>a</b> & b") == "&lt;b&gt;a&lt;/b&gt; &amp; b"


@pytest.mark.parametrize(
    ("text", "font"),
    [("王小明", CHINESE), ("山田やまだ", JAPANESE), ("김철수", KOREAN), ("金喜中김희중", KOREAN)],
)
def test_ideographs_take_the_font_of_the_script_they_stand_among(text: str, font: str) -> None:
    assert markup(text) == f'<font name="{font}">{text}</font>'


def test_a_character_no_font_has_is_written_as_its_code_point() -> None:
    assert markup("a😀b\x07") == "a[U+1F600]b[U+0007]"


def test_line_ends_of_every_kind_are_kept() -> None:
    assert markup("a\r\nb\nc") == "a<br/>b<br/>c"
