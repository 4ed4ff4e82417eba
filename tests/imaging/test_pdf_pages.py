"""PDF pages have their size and their ink in its place; what cannot be drawn says why."""

import numpy as np
import pytest
from pdf_files import PAGE_PT, locked_pdf, pdf

from viewer.base.errors import FileProblem
from viewer.imaging import pdf_pages
from viewer.imaging.pdf_pages import pages_of, render_page


def test_each_page_has_its_size_in_points() -> None:
    assert [(page.width_pt, page.height_pt) for page in pages_of(pdf(3), "x")] == [PAGE_PT] * 3


def test_ink_lies_where_the_page_has_it() -> None:
    drawn = render_page(pdf(), "x", 1, 2.0)
    assert drawn.shape == (800, 600, 3)
    black = np.argwhere((drawn < 50).all(axis=2))
    assert (black.min(axis=0).tolist(), black.max(axis=0).tolist()) == ([600, 0], [799, 199])
    assert (drawn[:590] == 255).all()


def test_a_giant_page_is_drawn_coarser_than_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_pages, "LARGEST_PAGE_PX", 30_000)
    drawn = render_page(pdf(), "x", 0, 10.0)
    assert drawn.shape[0] * drawn.shape[1] <= 31_000


def test_a_locked_document_asks_for_another_program() -> None:
    with pytest.raises(FileProblem, match="“Letter” is protected by a password"):
        pages_of(locked_pdf(), "Letter")


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4 nothing", pdf()[:200]])
def test_a_broken_document_is_named(content: bytes) -> None:
    with pytest.raises(FileProblem, match="“Letter” is damaged"):
        pages_of(content, "Letter")


def test_a_page_that_is_not_there_is_a_damaged_document() -> None:
    with pytest.raises(FileProblem, match="“Letter” is damaged"):
        render_page(pdf(1), "Letter", 7, 1.0)
