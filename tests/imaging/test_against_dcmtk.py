"""Display values equal dcmtk's within one grey level, on every file that both can read."""

import shutil
import subprocess
from functools import cache
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pydicom import dcmread
from pydicom.data import get_testdata_file

from viewer.app.headless.render_command import LaidOver, run_render
from viewer.base.errors import ViewerError
from viewer.dicom.decoder import decode
from viewer.domain.display_set import FrameRef
from viewer.domain.image import Frame
from viewer.domain.presentation import LookupTable, Rescale, VoiLutFunction, VoiWindow
from viewer.imaging.display import default_voi, display_values

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "dicom"
PER_FOLDER = 4
"""Slices taken of each real series: they are all alike."""

DCMTK_ERRS = {
    "rtdose_expb.dcm": "dcmtk 3.6.7 swaps 32-bit big-endian pixels wrongly; "
    "test_decoder compares them with the little-endian twin",
    "rtdose_expb_1frame.dcm": "as rtdose_expb.dcm",
    "SC_ybr_full_uncompressed.dcm": "dcmtk rounds out-of-gamut YBR by tables, 2 levels off; "
    "test_photometric has the values computed by hand",
}
FUNCTION_OPTIONS = {VoiLutFunction.LINEAR: "+Wfl", VoiLutFunction.SIGMOID: "+Wfs"}


def _folder_of(name: str) -> list[Path]:
    found = get_testdata_file(name, download=False)
    return sorted(Path(str(found)).parent.glob("*.dcm")) if found else []


def _real_files() -> list[Path]:
    series = [
        path
        for folder in sorted(SHARED.glob("*"))
        if folder.name != "mixed"
        for path in sorted(folder.glob("*.dcm"))[:PER_FOLDER]
    ]
    mixed = sorted(path for path in (SHARED / "mixed").glob("**/*") if path.is_file())
    return [*_folder_of("CT_small.dcm"), *_folder_of("RG1_UNCR.dcm"), *series, *mixed]


@cache
def _tool(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} of dcmtk is not installed")
    return found


def _in_stored_values(window: VoiWindow, rescale: Rescale) -> VoiWindow:
    """The LINEAR window that does to stored values what `window` does to modality values."""
    center = (window.center - 0.5 - rescale.intercept) / rescale.slope + 0.5
    return VoiWindow(center, (window.width - 1) / rescale.slope + 1, window.function)


def _sees_rescale(path: Path) -> bool:
    """dcmtk finds a slope of the object or its shared groups, not one of each frame's own."""
    header = dcmread(path, stop_before_pixels=True, force=True)
    per_frame = header.get("PerFrameFunctionalGroupsSequence", [{}])[0]
    return "PixelValueTransformationSequence" not in per_frame


def _options(path: Path, frame: Frame) -> list[str]:
    """The same window, table or none for dcmtk."""
    voi = default_voi(frame)
    if (
        isinstance(voi, VoiWindow)
        and isinstance(frame.modality, Rescale)
        and not _sees_rescale(path)
    ):
        voi = _in_stored_values(voi, frame.modality)
    if frame.is_colour:
        return []
    if isinstance(voi, LookupTable):
        return ["+Wl", "1"]
    if voi.function not in FUNCTION_OPTIONS:
        pytest.skip(f"dcmtk does not know {voi.function.value}")
    return ["+Ww", repr(voi.center), repr(voi.width), FUNCTION_OPTIONS[voi.function]]


def _by_dcmtk(path: Path, frame: Frame, *extra: str) -> np.ndarray:
    tool = "dcml2pnm" if "JPEG-LS" in frame.fidelity.transfer_syntax else "dcmj2pnm"
    command = [_tool(tool), "--quiet", *extra, "+op", *_options(path, frame), str(path)]
    made = subprocess.run(command, capture_output=True, timeout=60, check=False)
    if made.returncode or not made.stdout:
        pytest.skip(f"dcmtk cannot: {made.stderr.decode(errors='replace').strip()[:80]}")
    return np.asarray(Image.open(BytesIO(made.stdout)))


@pytest.mark.parametrize("path", _real_files(), ids=lambda path: path.name)
def test_display_values_equal_those_of_dcmtk(path: Path) -> None:
    if path.name in DCMTK_ERRS:
        pytest.skip(DCMTK_ERRS[path.name])
    try:
        frame = decode(FrameRef("", 0, path))
    except ViewerError as error:
        pytest.skip(f"SecondRead cannot: {error}")
    theirs, ours = _by_dcmtk(path, frame, "--no-overlays"), display_values(frame, None)
    assert theirs.shape == ours.shape
    assert np.abs(theirs.astype(int) - ours).max() <= 1


def _with_overlays() -> list[Path]:
    """Files whose first frame has overlay planes of its own."""
    return [path for path in _real_files() if path.name in KNOWN_OVERLAYS]


KNOWN_OVERLAYS = ("MR-SIEMENS-DICOM-WithOverlays.dcm", "examples_overlay.dcm")


@pytest.mark.parametrize("path", _with_overlays(), ids=lambda path: path.name)
def test_a_rendered_picture_has_the_overlays_that_dcmtk_draws_by_default(
    path: Path, tmp_path: Path
) -> None:
    frame, out = decode(FrameRef("", 0, path)), tmp_path / "out.png"
    assert frame.overlays
    assert run_render(path, 1, None, out) == 0
    theirs, ours = _by_dcmtk(path, frame), np.asarray(Image.open(out))
    assert np.abs(theirs.astype(int) - ours).max() <= 1
    assert run_render(path, 1, None, out, LaidOver(overlays=False)) == 0
    assert np.abs(theirs.astype(int) - np.asarray(Image.open(out))).max() > 1
