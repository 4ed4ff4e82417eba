"""The built program as a Debian package: /opt/secondread, /usr/bin/secondread, menu entry, icon, notices."""

import platform
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LINUX = ROOT / "packaging" / "linux"
ICON = ROOT / "resources" / "icons" / "secondread.svg"

LIBRARIES = (
    *("libegl1", "libgl1", "libfontconfig1", "libxkbcommon-x11-0", "libxcb-cursor0"),
    *("libwayland-client0", "libwayland-cursor0", "libwayland-egl1"),
)
"""What Qt loads at run time and the program does not bring itself."""

CONTROL = """Package: secondread
Version: {version}
Architecture: {architecture}
Maintainer: The SecondRead founders <secondread@localhost>
Installed-Size: {kibibytes}
Depends: {depends}
Section: science
Priority: optional
Description: DICOM viewer for the second read of AI findings
 Opens radiographs, CT and MR, lets local networks propose findings, and keeps
 the decision with the reader: nothing is exported that was not decided and
 signed. For research use only; not for clinical use.
"""


def build(program: Path, destination: Path, version: str) -> Path:
    """Wrap the folder `program`; returns the .deb in `destination`. Needs dpkg-deb."""
    asked = subprocess.run(
        ["dpkg", "--print-architecture"], capture_output=True, text=True, check=True
    )
    architecture = asked.stdout.strip()
    tree = ROOT / "build" / "deb"
    shutil.rmtree(tree, ignore_errors=True)
    _lay_out(program, tree)
    _write_control(tree, version, architecture)
    package = destination / f"secondread_{version}_{architecture}.deb"
    options = ["--root-owner-group", "-Zzstd", "-z10", "--build"]
    subprocess.run(
        ["dpkg-deb", *options, str(tree), str(package)], check=True, stdout=subprocess.DEVNULL
    )
    return package


def depends() -> str:
    """The line of needed packages; the C library at least as new as the one built with."""
    return ", ".join((f"libc6 (>= {platform.libc_ver()[1]})", *LIBRARIES))


def _lay_out(program: Path, tree: Path) -> None:
    shutil.copytree(program, tree / "opt" / "secondread", symlinks=True)
    _link(tree / "usr" / "bin" / "secondread", "/opt/secondread/secondread")
    _place(LINUX / "secondread.desktop", tree / "usr" / "share" / "applications")
    _place(ICON, tree / "usr" / "share" / "icons" / "hicolor" / "scalable" / "apps")
    documents = tree / "usr" / "share" / "doc" / "secondread"
    documents.mkdir(parents=True)
    shutil.copyfile(ROOT / "LICENSE", documents / "copyright")
    _link(documents / "third-party", "/opt/secondread/licences")
    subprocess.run(["chmod", "-R", "u=rwX,go=rX", str(tree)], check=True)


def _write_control(tree: Path, version: str, architecture: str) -> None:
    size = sum(
        path.stat().st_size for path in tree.rglob("*") if path.is_file() and not path.is_symlink()
    )
    control = CONTROL.format(
        version=version, architecture=architecture, kibibytes=size // 1024, depends=depends()
    )
    (tree / "DEBIAN").mkdir(mode=0o755)
    (tree / "DEBIAN" / "control").write_text(control, encoding="utf-8")


def _place(source: Path, folder: Path) -> None:
    folder.mkdir(parents=True)
    shutil.copyfile(source, folder / source.name)


def _link(place: Path, target: str) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(target)
