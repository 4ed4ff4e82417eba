"""Sending with a real Orthanc: by C-STORE and STOW-RS, unchanged, or uncompressed with the same pixels."""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from pacs_images import write_study
from pacs_partners import Orthanc, Unwatched, at, free_port
from pydicom import dcmread
from pynetdicom import AE, evt

from viewer.base.errors import ExportError, NetworkError
from viewer.dicom.network.commitment import commit
from viewer.dicom.network.incoming import IncomingFolder
from viewer.dicom.network.services import send

SECONDARY = "1.2.840.10008.5.1.4.1.1.7"
EXPLICIT, IMPLICIT = "1.2.840.10008.1.2.1", "1.2.840.10008.1.2"


@contextmanager
def picky(
    status: int = 0, syntaxes: tuple[str, ...] = (EXPLICIT,)
) -> Iterator[tuple[int, list[evt.Event]]]:
    """A Storage SCP that takes only `syntaxes` and answers `status`: its port and what it was sent."""
    taken: list[object] = []

    def store(event: evt.Event) -> int:
        dataset = event.dataset
        dataset.file_meta = event.file_meta
        taken.append(dataset)
        return status

    monkeypatch = pytest.MonkeyPatch()
    monkeypatch.setattr("pynetdicom._config.UNRESTRICTED_STORAGE_SERVICE", False)
    ours = AE("PEER")
    for uid in ("1.2.840.10008.5.1.4.1.1.2", "1.2.840.10008.5.1.4.1.1.4", SECONDARY):
        ours.add_supported_context(uid, list(syntaxes))
    port = free_port()
    server = ours.start_server(
        ("127.0.0.1", port), block=False, evt_handlers=[(evt.EVT_C_STORE, store)]
    )
    try:
        yield port, taken  # type: ignore[misc]
    finally:
        server.shutdown()
        monkeypatch.undo()


@pytest.mark.parametrize("web", [False, True])
def test_files_reach_the_node_unchanged(orthanc: Orthanc, tmp_path: Path, web: bool) -> None:
    _study, files = write_study(tmp_path, (4, 3))
    told: list[Path] = []
    sent = send(orthanc.web() if web else orthanc.node(), files, told.append, Unwatched())
    assert (len(sent.uids), sent.refused, sent.transcoded) == (7, (), 0)
    assert told == files
    assert orthanc.instances() == 7
    uid = dcmread(files[0]).SOPInstanceUID
    (place,) = orthanc.ask("/tools/lookup", "POST", uid.encode())  # type: ignore[misc]
    url = f"http://127.0.0.1:{orthanc.http_port}/instances/{place['ID']}/file"  # type: ignore[index]
    fetched = tmp_path / "fetched.dcm"
    subprocess.run(["curl", "-s", "-o", str(fetched), url], check=True)
    assert dcmread(fetched) == dcmread(files[0])


@pytest.mark.parametrize("name", ["MR_small_RLE.dcm", "MR_small_jp2klossless.dcm"])
def test_a_refused_syntax_is_sent_uncompressed_with_the_same_pixels(
    real_file: Callable[[str], Path], name: str
) -> None:
    file = real_file(name)
    original = dcmread(file)
    for syntaxes in ((EXPLICIT,), (IMPLICIT,)):
        with picky(syntaxes=syntaxes) as (port, taken):
            sent = send(at(port), [file], lambda _file: None, Unwatched())
        assert (len(sent.uids), sent.transcoded, sent.refused) == (1, 1, ())
        (arrived,) = taken
        assert arrived.SOPInstanceUID == original.SOPInstanceUID
        assert arrived.file_meta.TransferSyntaxUID == syntaxes[0]
        np.testing.assert_array_equal(arrived.pixel_array, original.pixel_array)


def test_explicit_files_reach_a_node_that_takes_implicit_only(tmp_path: Path) -> None:
    _study, files = write_study(tmp_path, (2,))
    with picky(syntaxes=(IMPLICIT,)) as (port, taken):
        sent = send(at(port), files, lambda _file: None, Unwatched())
    assert len(sent.uids) == 2
    np.testing.assert_array_equal(taken[0].pixel_array, dcmread(files[0]).pixel_array)


def test_an_object_the_node_does_not_serve_is_told_and_the_rest_is_sent(tmp_path: Path) -> None:
    _study, ct = write_study(tmp_path / "ct", (1,))
    _study, us = write_study(tmp_path / "us", (1,), SOPClassUID="1.2.840.10008.5.1.4.1.1.6.1")
    with picky() as (port, taken):
        sent = send(at(port), [*us, *ct], lambda _file: None, Unwatched())
    assert len(taken) == len(sent.uids) == 1
    ((name, reason),) = sent.refused
    assert name == us[0].name
    assert "does not serve this kind" in reason


def test_a_failure_status_is_told_in_words(tmp_path: Path) -> None:
    _study, files = write_study(tmp_path, (1,))
    told: list[Path] = []
    with picky(status=0xA700) as (port, _taken):
        sent = send(at(port), files, told.append, Unwatched())
    assert (sent.uids, told) == ((), [])
    assert "out of space" in sent.refused[0][1]


def test_a_file_that_is_no_dicom_is_not_sent(tmp_path: Path) -> None:
    (tmp_path / "notes.dcm").write_text("hello")
    with pytest.raises(ExportError, match=r"notes\.dcm cannot be sent"):
        send(at(1), [tmp_path / "notes.dcm"], lambda _file: None, Unwatched())


def test_orthanc_commits_itself_to_what_it_has_and_not_to_what_it_has_not(
    orthanc: Orthanc, tmp_path: Path
) -> None:
    _study, files = write_study(tmp_path, (2,))
    sent = send(orthanc.node(), files, lambda _file: None, Unwatched())
    never = (sent.uids[0][0], "1.2.3.4.5")
    answer = commit(
        orthanc.node(), [*sent.uids, never], IncomingFolder(tmp_path / "in"), Unwatched()
    )
    assert answer.kept == {uid for _class, uid in sent.uids}
    assert answer.failed == {"1.2.3.4.5"}


def test_a_node_without_storage_commitment_is_told(tmp_path: Path) -> None:
    with picky() as (port, _taken), pytest.raises(NetworkError, match="offers none"):
        node = at(port, own_port=free_port())
        commit(node, [("1.2", "1.2.3")], IncomingFolder(tmp_path), Unwatched())
