"""Monitoring in the real window: counted from the store, filtered, exported, recorded, and free of patients."""

import csv
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from builders import ALGORITHM, NOON, ai_finding, run, study
from end_to_end_steps import Reader
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QComboBox, QLabel, QWidget
from readers import prove
from visible_state import READ

from viewer.app.settings import Monitoring
from viewer.domain.finding import Algorithm
from viewer.domain.input_figures import InputFigure
from viewer.review.case import Case
from viewer.review.decision import confirm, override
from viewer.review.events import Decided, MissesAttested, RunRecorded, Signed
from viewer.review.signature import sign
from viewer.store.cases import CaseStore
from viewer.store.users import Role
from viewer.ui.dialogs.monitoring.chart import Chart
from viewer.ui.dialogs.monitoring.plots import InputChart
from viewer.ui.dialogs.monitoring.window import MonitoringWindow

AGREEMENT, OVERRIDE, SCORES, INPUTS, REMARK = 4, 5, 17, 18, 19


def store_cases(
    cases: CaseStore,
    confirmed: int,
    rejected: int,
    reader: str = "Dr Li",
    mean: float | None = None,
    algorithm: Algorithm = ALGORITHM,
) -> None:
    """Signed cases of one model, each of another study. mean: of every input, where it is recorded."""
    figures = () if mean is None else (InputFigure("mean", mean),)
    for number in range(confirmed + rejected):
        of = study(f"1.2.{number}.{sum(map(ord, reader))}")
        ratio = 0.5 + 0.4 * (number + 1) / (confirmed + rejected + 1)
        found = replace(ai_finding(ratio=ratio), algorithm=algorithm)
        ran = replace(run(found), study_uid=of.uid, algorithm=algorithm, input_figures=figures)
        say = confirm if number < confirmed else override
        case = Case(of.uid)
        events = [
            RunRecorded(ran, NOON),
            Decided(say(found, reader, NOON)),
            MissesAttested(True, reader, NOON),
        ]
        for event in events:
            case.apply(event)
            cases.append(of, event)
        cases.append(of, Signed(sign(case, of, reader, NOON, "test")))


@pytest.fixture
def reader(make_program: Callable[[], Reader], phantom_model: Path) -> Reader:
    return make_program()


def opened(reader: Reader) -> MonitoringWindow:
    reader.program.window.actions_of.by_key["ai.monitoring"].trigger()
    (window,) = reader.program.window.findChildren(MonitoringWindow)
    reader.wait(lambda: "Reading" not in texts(window))
    return window


def texts(window: MonitoringWindow) -> str:
    return "\n".join(label.text() for label in window.findChildren(QLabel))


def everything(window: MonitoringWindow) -> str:
    said = [
        str(getattr(widget, name)())
        for widget in (window, *window.findChildren(QWidget))
        for name in READ
        if callable(getattr(widget, name, None))
    ]
    for box in window.findChildren(QComboBox):
        said += [box.itemText(place) for place in range(box.count())]
    table = window.table
    for place in range(table.topLevelItemCount()):
        item = table.topLevelItem(place)
        assert item is not None
        said += [item.text(column) + item.toolTip(column) for column in range(item.columnCount())]
    return "\n".join(said)


def cell(window: MonitoringWindow, column: int, line: int = 0) -> str:
    item = window.table.topLevelItem(line)
    assert item is not None
    return item.text(column)


def test_without_a_signed_report_the_window_says_so(reader: Reader) -> None:
    window = opened(reader)
    assert "No report is signed yet." in texts(window)
    assert window.table.topLevelItemCount() == 0


def test_signed_reports_are_counted_with_intervals_and_rare_overriding_is_marked(
    reader: Reader,
) -> None:
    store_cases(reader.program.workbench.cases, confirmed=24, rejected=1)
    window = opened(reader)
    assert cell(window, AGREEMENT) == "96% (80% to 99%), n 25"
    assert cell(window, OVERRIDE) == "4% (1% to 20%), n 25"
    assert "less than 5%" in cell(window, REMARK)


def test_too_few_cases_show_no_rate_and_no_curve(reader: Reader) -> None:
    store_cases(reader.program.workbench.cases, confirmed=3, rejected=3)
    window = opened(reader)
    assert cell(window, AGREEMENT) == "too few (6)"
    summaries = [chart.summary for chart in window.findChildren(Chart)]
    none = "no reference in this model's manifest"
    assert summaries == ["too few (6)", "too few (6)", none, none]


def test_the_caveat_stands_on_the_charts_and_the_picture_is_written_and_recorded(
    reader: Reader, tmp_path: Path
) -> None:
    bench = reader.program.workbench
    store_cases(bench.cases, confirmed=15, rejected=15)
    window = opened(reader)
    assert "Verification bias" in "\n".join(
        label.text() for label in window.charts.findChildren(QLabel)
    )
    assert "AUROC" in window.findChildren(Chart)[0].summary
    target = tmp_path / "charts.png"
    window.export_charts(target)
    assert QImage(str(target)).width() > 500
    last = list(bench.log.records())[-1]
    assert (last.kind, last.detail["what"]) == ("export", "monitoring charts")


def test_moved_inputs_are_marked_drawn_beside_the_reference_and_written_as_csv(
    make_program: Callable[[], Reader], phantom_model: Path, tmp_path: Path
) -> None:
    manifest = json.loads((phantom_model / "manifest.json").read_text())
    even = {"low": 0.0, "high": 1.0, "counts": [50, 50]}
    manifest["reference"] = {
        "data": "phantoms",
        "score_histogram": {manifest["findings"][0]["key"]: even},
        "input_histogram": {"mean": even},
    }
    (phantom_model / "manifest.json").write_text(json.dumps(manifest))
    reader = make_program()
    bench = reader.program.workbench
    algorithm = bench.models.packages[0].algorithm
    store_cases(bench.cases, 15, 15, mean=0.9, algorithm=algorithm)
    window = opened(reader)
    assert cell(window, INPUTS) == "clearly shifted: mean"
    assert cell(window, SCORES).startswith("clearly shifted: index")
    chart = window.findChildren(InputChart)[0]
    assert chart.x_name == "Mean of the input"
    assert chart.summary.startswith("clearly shifted: index")
    window.which_input.setCurrentIndex(1)
    assert chart.summary == "no reference in this model's manifest"
    target = tmp_path / "drift.csv"
    window.export_drift(target)
    rows = list(csv.DictReader(target.open(encoding="utf-8-sig")))
    assert [row["What"] for row in rows] == ["Score", "Mean of the input"]
    assert {row["In words"] for row in rows} == {"clearly shifted"}
    assert {row["Reference"] for row in rows} == {"phantoms"}
    assert float(rows[1]["Stability index"]) > float(rows[1]["By chance up to"]) > 0
    last = list(bench.log.records())[-1]
    assert (last.kind, last.detail) == ("export", {"what": "monitoring drift", "lines": "2"})


def test_the_table_is_written_as_csv_and_recorded(reader: Reader, tmp_path: Path) -> None:
    bench = reader.program.workbench
    bench.settings.change(monitoring=Monitoring(least_n=1))
    store_cases(bench.cases, confirmed=3, rejected=1)
    window = opened(reader)
    target = tmp_path / "table.csv"
    window.export_table(target)
    titles, row = list(csv.reader(target.open(encoding="utf-8-sig")))
    assert dict(zip(titles, row, strict=True))["Agreement"] == "0.7500"
    assert list(bench.log.records())[-1].detail == {"what": "monitoring table", "lines": "1"}


def test_a_table_that_cannot_be_written_is_said_and_not_recorded(
    reader: Reader, tmp_path: Path
) -> None:
    window = opened(reader)
    window.export_table(tmp_path / "no such folder" / "table.csv")
    assert "cannot be written" in texts(window)
    assert not [one for one in reader.program.workbench.log.records() if one.kind == "export"]


def test_no_patient_and_no_study_is_named_anywhere_in_the_window(
    reader: Reader, tmp_path: Path
) -> None:
    store_cases(reader.program.workbench.cases, confirmed=15, rejected=15)
    window = opened(reader)
    target = tmp_path / "table.csv"
    window.export_table(target)
    said = everything(window) + target.read_text(encoding="utf-8-sig")
    assert "Heart size" in said
    for word in ("Müller", "ID-1", "ACC1", "THORAX", "1.2."):
        assert word not in said


def test_a_reader_who_is_no_administrator_sees_no_colleagues_name(reader: Reader) -> None:
    bench = reader.program.workbench
    prove(bench.accounts)
    bench.accounts.users.create("wu", "Dr Wu", "a long password", Role.READER)
    bench.accounts.log_in("wu", "a long password")
    store_cases(bench.cases, 20, 20, reader="Dr Li")
    store_cases(bench.cases, 20, 20, reader="Dr Wu")
    said = everything(opened(reader))
    assert "Dr Wu" in said
    assert "other readers" in said
    assert "Dr Li" not in said
