"""The tag browser finds attributes in sequences and private ones, and copies what is selected."""

from collections.abc import Iterator

import pytest
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit, QTreeWidget, QTreeWidgetItem, QTreeWidgetItemIterator
from pytestqt.qtbot import QtBot

from viewer.dicom.tags import tag_rows
from viewer.ui.dialogs.tag_browser import TagBrowser


@pytest.fixture
def browser(qtbot: QtBot, tmp_path) -> TagBrowser:  # type: ignore[no-untyped-def]
    """Of a file with a sequence and a private attribute."""
    code, whole = Dataset(), Dataset()
    code.CodeValue, code.CodingSchemeDesignator, code.CodeMeaning = "T-1", "SRT", "Chest"
    whole.SOPClassUID, whole.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.7", "1.2.3"
    whole.PatientID = "ID-1"
    whole.AnatomicRegionSequence = [code]
    whole.private_block(0x0011, "ACME 1.0", create=True).add_new(0x01, "LO", "secret sauce")
    whole.file_meta = FileMetaDataset()
    whole.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    whole.save_as(tmp_path / "made.dcm", enforce_file_format=True)
    made = TagBrowser(None, "DICOM attributes", tag_rows(tmp_path / "made.dcm"))
    qtbot.addWidget(made)
    made.show()
    return made


def items(browser: TagBrowser) -> Iterator[QTreeWidgetItem]:
    walk = QTreeWidgetItemIterator(browser.findChild(QTreeWidget))
    while walk.value() is not None:
        yield walk.value()
        walk += 1


def shown(browser: TagBrowser) -> list[str]:
    return [item.text(0) for item in items(browser) if not item.isHidden()]


def search(browser: TagBrowser, words: str) -> None:
    browser.findChild(QLineEdit).setText(words)


def test_the_search_looks_into_sequences_and_shows_the_way_there(browser: TagBrowser) -> None:
    search(browser, "chest")
    assert shown(browser) == ["(0008,2218)", "1", "(0008,0104)"]


def test_a_private_attribute_is_found_by_its_value_and_by_its_tag(browser: TagBrowser) -> None:
    for words in ("SAUCE", "0011,1001"):
        search(browser, words)
        assert "(0011,1001)" in shown(browser)
        assert "(0010,0020)" not in shown(browser)


def test_an_empty_search_shows_everything_again(browser: TagBrowser) -> None:
    everything = shown(browser)
    search(browser, "sauce")
    search(browser, "")
    assert shown(browser) == everything


def test_selected_rows_are_copied_with_tag_name_vr_and_value(
    browser: TagBrowser, qtbot: QtBot
) -> None:
    (row,) = [item for item in items(browser) if item.text(0) == "(0010,0020)"]
    row.setSelected(True)
    tree = browser.findChild(QTreeWidget)
    tree.setFocus()
    qtbot.keyClick(tree, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "(0010,0020)\tPatient ID\tLO\tID-1"
