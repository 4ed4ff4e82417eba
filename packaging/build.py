"""Builds SecondRead for this system: `python packaging/build.py [--deb]`; needs the extra `package`."""

import argparse
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "packaging")]

import debian_package  # noqa: E402
import notices  # noqa: E402

from viewer import __version__  # noqa: E402

SPEC = ROOT / "packaging" / "secondread.spec"
DIST = ROOT / "dist"
WORK = ROOT / "build" / "pyinstaller"
PROGRAM = DIST / "secondread"
LICENCES = "licences"
"""Folder of the program that holds the third-party notices."""


def main() -> None:
    """Build, write the notices, and wrap as asked; stops at the first thing that is not as it should be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--deb", action="store_true", help="wrap it as a Debian package")
    chosen = parser.parse_args()
    begun = time.monotonic()
    _freeze()
    _write_notices()
    _say(PROGRAM, begun)
    if chosen.deb:
        _say(debian_package.build(PROGRAM, DIST, __version__), begun)


def _freeze() -> None:
    options = ["--noconfirm", "--log-level=WARN", f"--distpath={DIST}", f"--workpath={WORK}"]
    subprocess.run([sys.executable, "-m", "PyInstaller", *options, str(SPEC)], check=True, cwd=ROOT)
    for library in PROGRAM.glob("_internal/libpython3*.so*"):
        if shutil.which("strip"):  # Python's library only: others break
            subprocess.run(["strip", "--strip-unneeded", str(library)], check=True)


def _write_notices() -> None:
    components = notices.components_of(notices.read_shipped(WORK / SPEC.stem / "shipped.json"))
    refused = [part.name for part in components if notices.is_refused(part)]
    if refused:
        shutil.rmtree(PROGRAM)
        sys.exit(
            f"Not built: {', '.join(refused)} is under the GPL. Exclude it in bundle_contents.py."
        )
    notices.write(components, PROGRAM / LICENCES)


def _say(built: Path, begun: float) -> None:
    files = (
        [built] if built.is_file() else [path for path in built.rglob("*") if not path.is_symlink()]
    )
    size = sum(path.stat().st_size for path in files if path.is_file())
    print(f"{built}: {size / 2**20:.0f} MiB, after {time.monotonic() - begun:.0f} s")


if __name__ == "__main__":
    main()
