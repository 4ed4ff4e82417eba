"""Reports, PDFs and segmentations opened from the list of studies, in the real window."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from end_to_end_steps import Reader
from pdf_files import pdf, write_pdf_object
from PySide6.QtCore import QUrl
from PySide6.QtWidgets import QCheckBox, QTreeWidget, QTreeWidgetItem, QTreeWidgetItemIterator
from segment_files import describe, letter, write_seg, write_slices

from viewer.ui.dialogs.pdf_window import PdfWindow
from viewer.ui.dialogs.sr_window import SrWindow


def click(reader: Reader, words: str) -> None:
    """Click the row of the study browser that begins with these words."""
    tree = reader.program.window.browser.findChild(QTreeWidget)
    assert isinstance(tree, QTreeWidget)
    rows: list[QTreeWidgetItem] = []
    walk = QTreeWidgetItemIterator(tree)
    while (item := walk.value()) is not None:
        rows.append(item)
        walk += 1
    (row,) = [item for item in rows if item.text(0).startswith(words)]
    tree.itemClicked.emit(row, 0)


@pytest.fixture
def reader(make_program: Callable[[], Reader], tmp_path: Path) -> Reader:
    folder = tmp_path / "study"
    folder.mkdir()
    slices = write_slices(folder)
    masks = np.stack([letter(number) for number in range(4)])
    write_seg(folder / "seg.dcm", slices, masks, segments=[describe(1, "Nodule <b>7</b>")])
    write_pdf_object(folder / "letter.dcm", pdf())
    started = make_program()
    started.open(folder)
    return started


def test_a_segmentation_is_drawn_and_hidden_with_its_box(reader: Reader) -> None:
    window = reader.program.window
    click(reader, "Segmentation")
    session = reader.program.workbench.session
    reader.wait(
        lambda: session.shown is not None and bool(session.segments.of(session.shown.study))
    )
    reader.wait(lambda: window.viewport.frame is not None)

    def boxes() -> list[QCheckBox]:
        found = window.findings.findChildren(QCheckBox)
        return [box for box in found if "Nodule" in box.text()]

    def coloured() -> int:
        shown = window.viewport.grab().toImage()
        colours = (
            shown.pixelColor(x, y)
            for x in range(0, shown.width(), 3)
            for y in range(0, shown.height(), 3)
        )
        return sum(colour.saturation() > 120 and colour.value() > 30 for colour in colours)

    (box,) = boxes()
    assert box.text() == "AI  Nodule <b>7</b>"
    with_segment = coloured()
    assert with_segment > 100
    box.click()
    assert coloured() < with_segment / 4


def test_a_pdf_opens_in_a_window_of_its_own(reader: Reader) -> None:
    click(reader, "PDF document")
    reader.wait(lambda: bool(reader.program.window.findChildren(PdfWindow)))
    (opened,) = reader.program.window.findChildren(PdfWindow)
    reader.wait(lambda: bool(opened.pages) and not opened.pages[0].pixmap().isNull())
    assert "DOE" not in opened.windowTitle() and "Letter" not in opened.windowTitle()
    opened.close()


def test_a_report_leads_to_its_image(make_program: Callable[[], Reader], shared_data: Path) -> None:
    folder = shared_data / "dicom/mixed/highdicom/data/test_files"
    reader = make_program()
    reader.open(folder / "ct_image.dcm", folder / "sr_document_with_multiple_groups.dcm")
    click(reader, "Structured report")
    reader.wait(lambda: bool(reader.program.window.findChildren(SrWindow)))
    (opened,) = reader.program.window.findChildren(SrWindow)
    assert "10.0 mm" in opened.text.toPlainText()
    assert "CT Image, Series 1, image 1/1" in opened.text.toPlainText()
    opened.follow(QUrl("image:0"))
    assert opened.said.isHidden()
    assert not opened.is_warning
    opened.close()
