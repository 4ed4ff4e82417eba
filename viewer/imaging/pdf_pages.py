"""PDF pages to pixels: the one home of pypdfium2; no script of a document is ever run."""

from threading import Lock

import numpy as np
import pypdfium2
from numpy.typing import NDArray

from viewer.base.errors import FileProblem
from viewer.base.i18n import _
from viewer.domain.pdf_document import PdfPage

LARGEST_PAGE_PX = 24_000_000
"""Pixels of one page at most; a page that would be larger is drawn coarser."""

PASSWORD_FAULT = 4
"""FPDF_ERR_PASSWORD of pdfium."""

_PDFIUM = Lock()
"""pdfium may be called by one thread at a time."""


def pages_of(content: bytes, title: str) -> tuple[PdfPage, ...]:
    """The size of each page; raises FileProblem for a damaged, empty or protected document."""
    with _PDFIUM:
        document = _opened(content, title)
        try:
            sizes = [document.get_page_size(number) for number in range(len(document))]
        except pypdfium2.PdfiumError as fault:
            raise _damaged(title) from fault
        finally:
            document.close()
    if not sizes or any(min(size) <= 0 for size in sizes):
        raise _damaged(title)
    return tuple(PdfPage(width, height) for width, height in sizes)


def render_page(content: bytes, title: str, number: int, scale: float) -> NDArray[np.uint8]:
    """One page on white.

    number: 0 is the first. scale: pixels per point.

    Returns
    -------
    ndarray, shape (rows, columns, 3), uint8, RGB, contiguous
    """
    with _PDFIUM:
        document = _opened(content, title)
        try:
            page = document[number]
            width, height = page.get_size()
            within = min(scale, (LARGEST_PAGE_PX / (width * height)) ** 0.5)
            drawn = page.render(scale=within, rev_byteorder=True).to_numpy()
            return np.array(drawn[..., :3], np.uint8, order="C")
        except (pypdfium2.PdfiumError, RuntimeError, ValueError) as fault:
            raise _damaged(title) from fault
        finally:
            document.close()


def _opened(content: bytes, title: str) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as fault:
        if fault.err_code == PASSWORD_FAULT:
            words = _(
                "The PDF “{title}” is protected by a password and cannot be shown here. "
                "Save it and open it with a program that asks for the password."
            )
            raise FileProblem(words.format(title=title or "PDF")) from fault
        raise _damaged(title) from fault


def _damaged(title: str) -> FileProblem:
    words = _("The PDF “{title}” is damaged and cannot be shown. Ask for a new copy of it.")
    return FileProblem(words.format(title=title or "PDF"))
