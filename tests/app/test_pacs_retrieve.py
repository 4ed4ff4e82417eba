"""Retrieving into the program: a study shows while it grows, and its models wait until it is whole."""

from pathlib import Path

import numpy as np
import pytest
from dicom_films import write_film
from held_runner import HeldRunner
from model_packages import phantom
from pacs_images import write_study
from pacs_partners import Orthanc

from viewer.app.export_report import reasons_not_to_sign
from viewer.app.network_state import Transfer, TransferState
from viewer.app.open_study import open_paths
from viewer.app.pacs_retrieve import images_here, retrieve_study, show_study_here
from viewer.app.run_inference import run_applicable_models
from viewer.app.workbench import Workbench
from viewer.dicom.network.node import Node


def test_a_retrieved_study_is_listed_and_shown(
    bench: Workbench, orthanc: Orthanc, tmp_path: Path
) -> None:
    study, files = write_study(tmp_path, (5, 2))
    orthanc.take(*files)
    told: list[str] = []
    bench.session.events.notice.subscribe(told.append)
    retrieve_study(bench, orthanc.node(), study)
    transfer = bench.session.network.transfers[study]
    assert (transfer.state, transfer.progress.there) == (TransferState.DONE, 7)
    (listed,) = bench.session.index.studies
    assert (listed.uid, len(listed.display_sets)) == (study, 2)
    assert bench.session.shown is not None
    assert told[-1] == "The study from Test PACS is here: 7 images."
    assert images_here(study) == 7


def film(folder: Path) -> Path:
    grey = np.rint(phantom(300, 260, (0.2, 0.75)) * 4000).astype(np.uint16)
    return (
        write_film(folder / "film.dcm", grey, "DOE^JANE", "ID-1", "2.25.1") or folder / "film.dcm"
    )


def test_the_models_run_once_the_study_is_whole(
    bench: Workbench, runner: HeldRunner, orthanc: Orthanc, tmp_path: Path
) -> None:
    film(tmp_path)
    orthanc.take(tmp_path / "film.dcm")
    retrieve_study(bench, orthanc.node(), "2.25.1")
    assert len(runner.held) == 1
    runner.let_go()
    (study,) = bench.session.index.studies
    assert bench.session.case_of(study).runs


def test_while_images_arrive_no_model_runs_and_nothing_is_signed(
    bench: Workbench, runner: HeldRunner, tmp_path: Path
) -> None:
    film(tmp_path)
    bench.session.network.set_transfer(Transfer("2.25.1", "PACS"))
    open_paths(bench, [tmp_path])
    (study,) = bench.session.index.studies
    run_applicable_models(bench, study)
    assert not runner.held
    assert "still arriving" in " ".join(reasons_not_to_sign(bench, study))
    done = Transfer("2.25.1", "PACS", TransferState.DONE)
    bench.session.network.set_transfer(done)
    run_applicable_models(bench, study)
    assert runner.held
    assert "still arriving" not in " ".join(reasons_not_to_sign(bench, study))


def test_a_failed_retrieval_says_why_and_can_be_begun_again(
    bench: Workbench, orthanc: Orthanc, tmp_path: Path
) -> None:
    study, files = write_study(tmp_path, (2,))
    told: list[str] = []
    bench.session.events.notice.subscribe(told.append)
    retrieve_study(bench, orthanc.node(), study)
    failed = bench.session.network.transfers[study]
    assert failed.state is TransferState.FAILED
    assert "lists no image" in failed.words
    assert failed.words in told
    orthanc.take(*files)
    retrieve_study(bench, orthanc.node(), study)
    assert bench.session.network.transfers[study].state is TransferState.DONE


def test_a_study_fetched_before_is_shown_without_the_node(
    bench: Workbench, orthanc: Orthanc, tmp_path: Path
) -> None:
    study, files = write_study(tmp_path, (2,))
    orthanc.take(*files)
    retrieve_study(bench, orthanc.node(), study)
    bench.session.shown = None
    bench.session.opened_paths = ()
    bench.session.set_index(type(bench.session.index)())
    show_study_here(bench, study)
    assert bench.session.shown is not None
    assert bench.session.shown.study.uid == study


def test_no_job_key_holds_an_identifier(bench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    keys: list[str] = []
    monkeypatch.setattr(type(bench.jobs), "submit", lambda _runner, job: keys.append(job.key))
    retrieve_study(bench, Node("PACS"), "1.2.840.113619.2.55")
    assert keys
    assert "113619" not in "".join(keys)
