"""Echo: a real PACS answers; whatever goes wrong is said in words, within the time-out."""

import ssl
import time
from pathlib import Path

import pytest
from certificates import authority, certificate
from pacs_partners import (
    NOT_FOR_EVER_S,
    QUICK,
    Orthanc,
    at,
    free_port,
    peer,
    running_orthanc,
    silent,
    web_server,
)

from viewer.base.errors import NetworkError
from viewer.dicom.network.echo import echo
from viewer.dicom.network.node import Node, Timeouts, Tls


def reason(node: Node) -> str:
    with pytest.raises(NetworkError) as told:
        echo(node)
    return str(told.value)


def test_orthanc_answers(orthanc: Orthanc) -> None:
    assert echo(orthanc.node()) < 5


def test_a_wrong_called_ae_title_is_named(orthanc: Orthanc) -> None:
    assert "is not called WRONG" in reason(orthanc.node(ae_title="WRONG"))


def test_a_closed_port_is_told() -> None:
    assert "nothing listens at 127.0.0.1" in reason(at(free_port()))


def test_an_unknown_host_is_told() -> None:
    assert "pacs.invalid is not known" in reason(at(104, host="pacs.invalid"))


def test_a_silent_peer_is_given_up_after_its_time_out() -> None:
    started = time.monotonic()
    with peer(silent) as port:
        words = reason(at(port, timeouts=QUICK))
        assert time.monotonic() - started < NOT_FOR_EVER_S
    assert "does not answer within 2 s" in words


def test_a_web_server_is_told_from_a_pacs() -> None:
    with peer(web_server) as port:
        assert "is not DICOM" in reason(at(port))


def test_a_peer_that_hangs_up_is_told() -> None:
    with peer(lambda connection: connection.close()) as port:
        assert "closed the connection without an answer" in reason(at(port))


def test_half_a_pdu_is_given_up_after_the_time_out() -> None:
    started = time.monotonic()
    with peer(lambda connection: connection.sendall(b"\x02\x00\x00\x00\x10\x00half")) as port:
        reason(at(port, timeouts=QUICK))
        assert time.monotonic() - started < NOT_FOR_EVER_S


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys")
    authority(folder)
    certificate(folder, "server")
    certificate(folder, "client")
    certificate(folder, "expired", expired=True)
    certificate(folder, "elsewhere", hosts="DNS:elsewhere.example")
    return folder


def tls_of(keys: Path, **changes: object) -> Tls:
    values: dict[str, object] = {
        "on": True,
        "ca": str(keys / "ca.crt"),
        "certificate": str(keys / "client.crt"),
        "key": str(keys / "client.key"),
    }
    return Tls(**{**values, **changes})  # type: ignore[arg-type]


def test_orthanc_answers_over_tls_and_only_with_our_certificate(keys: Path, tmp_path: Path) -> None:
    changes = {
        "DicomTlsEnabled": True,
        "DicomTlsCertificate": str(keys / "server.crt"),
        "DicomTlsPrivateKey": str(keys / "server.key"),
        "DicomTlsTrustedCertificates": str(keys / "ca.crt"),
        "DicomTlsRemoteCertificateRequired": True,
    }
    with running_orthanc(tmp_path / "tls", **changes) as orthanc:
        assert echo(orthanc.node(tls=tls_of(keys))) < 5
        bare = reason(orthanc.node(tls=tls_of(keys, certificate="", key="")))
        assert "certificate" in bare
        assert "may want TLS" in reason(orthanc.node(timeouts=Timeouts(2, 4)))


@pytest.mark.parametrize(
    ("shown", "words"),
    [("expired", "has expired"), ("elsewhere", "another address"), ("server", "trusted authority")],
)
def test_a_certificate_that_does_not_hold_is_named(keys: Path, shown: str, words: str) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(keys / f"{shown}.crt", keys / f"{shown}.key")

    def behave(connection: object) -> None:
        with context.wrap_socket(connection, server_side=True):  # type: ignore[arg-type]
            pass

    ca = "" if shown == "server" else str(keys / "ca.crt")
    with peer(behave) as port:
        assert words in reason(at(port, tls=tls_of(keys, ca=ca)))


def test_plain_dicom_is_told_from_tls(orthanc: Orthanc, keys: Path) -> None:
    words = reason(orthanc.node(tls=tls_of(keys), timeouts=Timeouts(2, 2)))
    assert "TLS" in words or "no answer" in words


def test_a_missing_certificate_file_is_named() -> None:
    assert "/nowhere/ca.pem cannot be used" in reason(at(104, tls=Tls(True, "/nowhere/ca.pem")))


def test_a_rejection_that_comes_at_once_is_never_taken_for_silence() -> None:
    def reject(connection: object) -> None:
        connection.recv(4096)  # type: ignore[attr-defined]
        connection.sendall(b"\x03\x00\x00\x00\x00\x04\x00\x01\x01\x07")  # type: ignore[attr-defined]
        connection.close()  # type: ignore[attr-defined]

    with peer(reject, times=30) as port:
        for _attempt in range(30):
            assert "is not called PEER" in reason(at(port))
