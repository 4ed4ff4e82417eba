"""Certificates for tests: an authority, and certificates of it that are valid, expired or for another host."""

import shutil
import subprocess
from pathlib import Path

import pytest


def authority(folder: Path) -> Path:
    """ca.crt and ca.key in `folder`; skips where there is no openssl."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not on this machine")
    folder.mkdir(parents=True, exist_ok=True)
    _openssl(
        folder,
        *("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.crt"),
        *("-days", "2", "-subj", "/CN=TestCA", "-addext", "keyUsage=critical,keyCertSign,cRLSign"),
    )
    return folder / "ca.crt"


def certificate(
    folder: Path, name: str, hosts: str = "DNS:localhost,IP:127.0.0.1", expired: bool = False
) -> Path:
    """NAME.crt and NAME.key of the authority in `folder`."""
    (folder / f"{name}.ext").write_text(f"subjectAltName={hosts}\n")
    _openssl(
        folder,
        *f"req -newkey rsa:2048 -nodes -keyout {name}.key -out {name}.csr -subj /CN={name}".split(),
    )
    if expired:
        _expired(folder, name)
    else:
        _openssl(
            folder,
            *f"x509 -req -in {name}.csr -CA ca.crt -CAkey ca.key -CAcreateserial -out {name}.crt".split(),
            *("-days", "2", "-extfile", f"{name}.ext"),
        )
    return folder / f"{name}.crt"


def _expired(folder: Path, name: str) -> None:
    """`openssl ca` is the one command of every OpenSSL that takes the end of validity as a date."""
    (folder / "index.txt").write_text("")
    (folder / "serial").write_text("01\n")
    (folder / "ca.cnf").write_text(
        "[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\nserial=serial\nnew_certs_dir=.\n"
        "default_md=sha256\npolicy=p\n[p]\ncommonName=supplied\n"
    )
    _openssl(
        folder,
        *f"ca -batch -config ca.cnf -cert ca.crt -keyfile ca.key -in {name}.csr -out {name}.crt".split(),
        *("-startdate", "20200101000000Z", "-enddate", "20200201000000Z"),
        *("-extfile", f"{name}.ext", "-notext"),
    )


def _openssl(folder: Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)
