"""The windows on other systems, with the real program and a real Orthanc."""

from collections.abc import Callable
from pathlib import Path

from end_to_end_steps import Reader
from pacs_images import write_study
from pacs_partners import Orthanc, free_port
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog

from viewer.app.pacs_nodes import save_nodes
from viewer.ui.dialogs.pacs.nodes_window import NodesWindow
from viewer.ui.dialogs.pacs.query_window import STATE, QueryWindow
from viewer.ui.dialogs.pacs.transfers_window import TransfersWindow


def window_of(reader: Reader, kind: type[QDialog]) -> QDialog:
    bench = reader.program.workbench
    show = {
        QueryWindow: bench.dialogs.show_pacs_query,
        NodesWindow: bench.dialogs.show_pacs_nodes,
        TransfersWindow: bench.dialogs.show_transfers,
    }[kind]
    show(bench)
    (window,) = [
        one for one in QApplication.topLevelWidgets() if type(one) is kind and one.isVisible()
    ]
    assert isinstance(window, QDialog)
    return window


def test_a_study_is_found_fetched_with_enter_and_shown(
    make_program: Callable[[], Reader], phantom_model: Path, orthanc: Orthanc, tmp_path: Path
) -> None:
    study, files = write_study(tmp_path / "pacs", (6,))
    orthanc.take(*files)
    reader = make_program()
    reader.program.open([])
    save_nodes(reader.program.workbench, [orthanc.node()])
    window = window_of(reader, QueryWindow)
    assert isinstance(window, QueryWindow)
    window.form.name.setText("doe")
    QTest.keyClick(window.form.name, Qt.Key.Key_Return)
    reader.wait(lambda: window.list.topLevelItemCount() == 1)
    row = window.list.topLevelItem(0)
    assert row is not None
    assert [row.text(column) for column in range(STATE)] == [
        "Doe, Jane",
        "P-7",
        "1970-01-01",
        "2026-03-01  10:15",
        "CT",
        "Chest routine",
        "ACC-7",
        "6",
    ]
    window.list.setFocus()
    QTest.keyClick(window.list, Qt.Key.Key_Return)
    reader.wait(lambda: row.text(STATE) == "On this computer")
    reader.wait(lambda: reader.session.shown is not None and reader.session.indexing is None)
    assert reader.session.shown is not None
    assert reader.session.shown.study.uid == study
    assert len(reader.session.shown.display_set.frames) == 6
    window.close()


def test_a_query_that_fails_says_why_in_the_window(
    make_program: Callable[[], Reader], phantom_model: Path, orthanc: Orthanc
) -> None:
    reader = make_program()
    save_nodes(reader.program.workbench, [orthanc.node(ae_title="WRONG")])
    window = window_of(reader, QueryWindow)
    assert isinstance(window, QueryWindow)
    window.search()
    reader.wait(lambda: not window.words.text().startswith("Asking"))
    assert "is not called WRONG" in window.words.text()
    window.close()


def test_a_node_is_entered_checked_and_kept(
    make_program: Callable[[], Reader], phantom_model: Path, orthanc: Orthanc
) -> None:
    reader = make_program()
    window = window_of(reader, NodesWindow)
    assert isinstance(window, NodesWindow)
    window.add()
    window.form.show_node(orthanc.node(ae_title="WRONG"))
    window.ask()
    reader.wait(lambda: "is not called WRONG" in window.words.text())
    window.form.ae_title.setText("ORTHANC")
    window.ask()
    reader.wait(lambda: "answered after" in window.words.text())
    window.keep()
    assert window.words.text() == "Saved."
    assert reader.program.workbench.settings.values.pacs.result_formats == ("dicom_sr",)
    (kept,) = reader.program.workbench.settings.values.pacs.nodes
    assert (kept.name, kept.ae_title, kept.port) == ("Test PACS", "ORTHANC", orthanc.dicom_port)
    window.close()


def test_the_listener_is_switched_on_and_off_in_its_window(
    make_program: Callable[[], Reader], phantom_model: Path
) -> None:
    reader = make_program()
    window = window_of(reader, TransfersWindow)
    assert isinstance(window, TransfersWindow)
    page, port = window.listener, free_port()
    page.on.setChecked(True)
    page.port.setValue(port)
    page.keep()
    reader.wait(lambda: page.state.text() == f"Listening at port {port}")
    page.on.setChecked(False)
    page.keep()
    reader.wait(lambda: page.state.text() == "Not listening")
    window.close()
