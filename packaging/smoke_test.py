"""Does a built program stand on its own? `python packaging/smoke_test.py PROGRAM [--screenshot PNG]`.

Runs it with an empty environment: self check, index, a rendering of each compressed transfer syntax,
then the window with the demo study on an Xvfb of its own, where a report is signed and exported by keys.
Needs Xvfb, openbox, xdotool, ImageMagick, pydicom-data.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import imagecodecs
from PIL import Image
from pydicom import dcmread
from pydicom.data import get_testdata_file
from pydicom.encaps import encapsulate
from pydicom.uid import HTJ2KLossless

SAMPLES = {
    "JPEG baseline": "color3d_jpeg_baseline.dcm",
    "JPEG extended, 12 bit": "JPEG-lossy.dcm",
    "JPEG lossless": "JPEG-LL.dcm",
    "JPEG-LS": "MR_small_jpeg_ls_lossless.dcm",
    "JPEG 2000": "693_J2KR.dcm",
    "RLE": "MR_small_RLE.dcm",
    "uncompressed, big endian": "MR_small_bigendian.dcm",
    "deflated": "image_dfl.dcm",
}
"""One real file of pydicom or pydicom-data for each decoder that the program must bring."""

SCREEN = (1600, 1000)
WINDOW_WAIT_S = 60
IMAGE_WAIT_S = 30
NETWORK_WAIT_S = 6
KEY_WAIT_S = 1.5
EXPORTED = "exported"
SUFFIXES = [".dcm", ".json", ".pdf"]
FLAT = 10
"""Fewer grey levels than any of the samples has."""

GREY_LEVELS = 40
"""Different grey levels in the middle of the window from which a real image is told from a black field."""


class NotStanding(Exception):
    """What the program did not do."""


PASSWORD = "smoke test 1"
SIGNING = (
    *(("key", key) for key in ("c", "x", "F8")),
    *(("type", PASSWORD), ("key", "Tab"), ("type", PASSWORD)),
    *(("key", "Return"), ("key", "Return")),
)
"""The first signature makes the account: a password, and the same again."""


def main() -> int:
    """Run all parts; 0 when all went well."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program", type=Path)
    parser.add_argument("--screenshot", type=Path, default=Path("build/smoke.png"))
    chosen = parser.parse_args()
    program = chosen.program.absolute()
    with tempfile.TemporaryDirectory() as home:
        try:
            _headless(program, home)
            _window(program, home, chosen.screenshot)
        except NotStanding as problem:
            print(f"FAIL {problem}")
            return 1
    print("the built program stands on its own")
    return 0


def _headless(program: Path, home: str) -> None:
    begun = time.monotonic()
    print(_run(program, home, "selfcheck"), end="")
    print(f"ok   selfcheck in {time.monotonic() - begun:.1f} s")
    demo = _sample("RG1_J2KI.dcm")
    listed = json.loads(_run(program, home, "index", str(demo), "--json"))
    if len(listed["patients"]) != 1:
        raise NotStanding(f"index finds {len(listed['patients'])} patients in one file")
    print("ok   index")
    _render(program, home, "HTJ2K", _high_throughput(Path(home, "htj2k.dcm")))
    for name, file in SAMPLES.items():
        _render(program, home, name, _sample(file))


def _render(program: Path, home: str, name: str, file: Path) -> None:
    picture = Path(home, "frame.png")
    picture.unlink(missing_ok=True)
    _run(program, home, "render", str(file), "--out", str(picture))
    with Image.open(picture) as frame:
        levels = len(set(frame.convert("L").tobytes()))
        print(f"ok   render {name}: {frame.size[0]} x {frame.size[1]}, {levels} grey levels")
    if levels < FLAT:
        raise NotStanding(f"{file} was rendered with {levels} grey levels")


def _high_throughput(place: Path) -> Path:
    """A file of high-throughput JPEG 2000, of which pydicom-data has none: a CT image written anew."""
    dataset = dcmread(_sample("693_J2KR.dcm"))
    encoded = imagecodecs.htj2k_encode(dataset.pixel_array, reversible=True)
    dataset.file_meta.TransferSyntaxUID = HTJ2KLossless
    dataset.PixelData = encapsulate([bytes(encoded)])
    dataset.save_as(place)
    return place


def _window(program: Path, home: str, screenshot: Path) -> None:
    with _screen() as display:
        _choose_export(home)
        command = _bare(home, program, "--demo", DISPLAY=display)
        begun = time.monotonic()
        running = subprocess.Popen(command)
        try:
            _wait_for_window(display, running)
            print(f"ok   window after {time.monotonic() - begun:.1f} s")
            levels = _wait_for_image(display, screenshot, running)
            print(
                f"ok   image after {time.monotonic() - begun:.1f} s, {levels} grey levels: {screenshot}"
            )
            _sign_and_export(display, Path(home, EXPORTED), screenshot)
            if running.poll() is not None:
                raise NotStanding(f"the program ended by itself with {running.returncode}")
        finally:
            running.terminate()
            running.wait(timeout=20)


def _choose_export(home: str) -> None:
    """Settings as a reader leaves them who has signed and exported before."""
    export = {"folder": str(Path(home, EXPORTED)), "formats": ["pdf", "dicom_sr", "json"]}
    settings = {"schema_version": 1, "reading": {"reader": "Smoke Test"}, "export": export}
    place = Path(home, ".config", "secondread", "settings.json")
    place.parent.mkdir(parents=True)
    place.write_text(json.dumps(settings), encoding="utf-8")


def _sign_and_export(display: str, folder: Path, screenshot: Path) -> None:
    """Confirm what the network proposed, if anything; no further finding; make an account; sign; export."""
    time.sleep(NETWORK_WAIT_S)
    _photograph(display, screenshot)
    for verb, what in SIGNING:
        subprocess.run(["xdotool", verb, what], env=_on(display), check=True)
        time.sleep(KEY_WAIT_S)
    end = time.monotonic() + IMAGE_WAIT_S
    while len(written := sorted(file.suffix for file in folder.glob("report_*"))) < len(SUFFIXES):
        if time.monotonic() > end:
            _photograph(display, screenshot)
            raise NotStanding(f"exported {written}, not {SUFFIXES}; see {screenshot}")
        time.sleep(0.3)
    if written != SUFFIXES:
        raise NotStanding(f"exported {written}, not {SUFFIXES}")
    print(f"ok   signed by keys; exported {', '.join(written)}")


def _on(display: str) -> dict[str, str]:
    return {"DISPLAY": display, "PATH": "/usr/bin:/bin"}


def _wait_for_window(display: str, running: "subprocess.Popen[bytes]") -> None:
    search = ["xdotool", "search", "--onlyvisible", "--name", "SecondRead"]
    end = time.monotonic() + WINDOW_WAIT_S
    while subprocess.run(search, env=_on(display), capture_output=True, check=False).returncode:
        if time.monotonic() > end or running.poll() is not None:
            raise NotStanding("no window appeared")
        time.sleep(0.1)


def _wait_for_image(display: str, screenshot: Path, running: "subprocess.Popen[bytes]") -> int:
    end = time.monotonic() + IMAGE_WAIT_S
    while True:
        levels = _grey_levels(_photograph(display, screenshot))
        if levels >= GREY_LEVELS:
            return levels
        if time.monotonic() > end or running.poll() is not None:
            raise NotStanding(
                f"the viewport shows {levels} grey levels: no image; see {screenshot}"
            )
        time.sleep(0.3)


def _photograph(display: str, screenshot: Path) -> Path:
    screenshot.parent.mkdir(parents=True, exist_ok=True)
    command = ["import", "-display", display, "-window", "root", str(screenshot)]
    subprocess.run(command, check=True)
    return screenshot


def _grey_levels(screenshot: Path) -> int:
    """How many grey levels lie in the middle of the screen, where the viewport is."""
    with Image.open(screenshot) as picture:
        width, height = picture.size
        middle = picture.crop((width // 3, height // 3, width * 3 // 5, height * 2 // 3))
        return len(set(middle.convert("L").tobytes()))


@contextmanager
def _screen() -> Iterator[str]:
    """An X server without a screen, and a window manager; gives the name of its display."""
    size = f"{SCREEN[0]}x{SCREEN[1]}x24"
    command = ["Xvfb", "-displayfd", "1", "-screen", "0", size, "-nolisten", "tcp"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        assert server.stdout is not None
        display = f":{server.stdout.readline().strip()}"
        manager = subprocess.Popen(["openbox"], env=_on(display), stderr=subprocess.DEVNULL)
        try:
            yield display
        finally:
            manager.terminate()
            manager.wait(timeout=20)
            server.terminate()


def _bare(home: str, program: Path, *arguments: str, **variables: str) -> list[str]:
    """The command with nothing in the environment but HOME, the language and `variables`."""
    given = [f"{name}={value}" for name, value in variables.items()]
    return ["env", "-i", f"HOME={home}", "LC_ALL=C.UTF-8", *given, str(program), *arguments]


def _run(program: Path, home: str, *arguments: str) -> str:
    command = _bare(home, program, *arguments)
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    if done.returncode:
        raise NotStanding(
            f"{' '.join(arguments)} ended with {done.returncode}: {done.stdout}{done.stderr}"
        )
    return done.stdout


def _sample(name: str) -> Path:
    found = get_testdata_file(name, download=False)
    if not found:
        raise NotStanding(f"{name} of pydicom-data is not installed")
    return Path(str(found))


if __name__ == "__main__":
    sys.exit(main())
