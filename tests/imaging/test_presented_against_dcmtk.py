"""Images through presentation states equal dcmtk's dcmp2pgm within one grey level; dcmpschk passes each state.

dcmp2pgm writes neither shutters nor overlays nor graphics, and takes SIGMOID for LINEAR: those are compared
with values worked out by hand, in test_presented and test_state_shapes.
"""

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pydicom.data import get_testdata_file
from pydicom.dataset import Dataset
from softcopy_states import Change, attributes, lut_item, window, write_state

from viewer.app.headless.render_command import LaidOver, run_render

pytestmark = pytest.mark.skipif(
    not (shutil.which("dcmp2pgm") and shutil.which("dcmpschk")), reason="dcmtk is not installed"
)
CT = Path(str(get_testdata_file("CT_small.dcm", download=False)))
MR = Path(str(get_testdata_file("MR_small.dcm", download=False)))
LUNG = window(-500, 1400)


def by_dcmtk(image: Path, state: Path, folder: Path) -> np.ndarray:
    out = folder / "out.pgm"
    command = ["dcmp2pgm", "--quiet", "-p", str(state), str(image), str(out)]
    subprocess.run(command, check=True, timeout=60)
    return np.asarray(Image.open(out)).astype(int)


def by_secondread(image: Path, state: Path, folder: Path) -> np.ndarray:
    """What `secondread render --state` writes."""
    out = folder / "out.png"
    assert run_render(image, 1, None, out, LaidOver(overlays=False), state) == 0
    return np.asarray(Image.open(out)).astype(int)


def passes(state: Path) -> bool:
    made = subprocess.run(["dcmpschk", str(state)], capture_output=True, text=True, check=False)
    return "Test passed" in made.stderr


def ramp(count: int, bits: int) -> np.ndarray:
    """A curve that is not straight."""
    return np.rint(np.linspace(0, 1, count) ** 2 * ((1 << bits) - 1))


def with_voi_lut(dataset: Dataset) -> None:
    item = Dataset()
    item.VOILUTSequence = [lut_item(-1024, 12, ramp(3000, 12), LUTExplanation="curve")]
    dataset.SoftcopyVOILUTSequence = [item]


def with_modality_lut(dataset: Dataset) -> None:
    attributes(RescaleIntercept=None, RescaleSlope=None, RescaleType=None)(dataset)
    table = lut_item(0, 12, ramp(2200, 12), ModalityLUTType="US")
    dataset.ModalityLUTSequence = [table]


def with_presentation_lut(bits: int, inverse: bool) -> Change:
    curve = ramp(1 << bits, bits)

    def change(dataset: Dataset) -> None:
        del dataset.PresentationLUTShape
        dataset.PresentationLUTSequence = [lut_item(0, bits, curve[::-1] if inverse else curve)]

    return change


NO_RESCALE = attributes(RescaleIntercept=None, RescaleSlope=None, RescaleType=None)
GREY_STATES: dict[str, tuple[tuple[Change, ...], dict[str, object]]] = {
    "neither window nor anything": ((), {}),
    "window": ((), LUNG),
    "inverse": ((attributes(PresentationLUTShape="INVERSE"),), LUNG),
    "no modality transform": ((NO_RESCALE,), window(900, 700)),
    "another modality transform": ((attributes(RescaleSlope="2"),), window(500, 3000)),
    "modality LUT": ((with_modality_lut,), window(2000, 3000)),
    "VOI LUT": ((with_voi_lut,), {}),
    "presentation LUT of 10 bits": ((with_presentation_lut(10, False),), LUNG),
    "presentation LUT of 12 bits, falling": ((with_presentation_lut(12, True),), LUNG),
}
TURNS = [(turn, flip) for turn in (0, 90, 180, 270) for flip in "NY"]


@pytest.mark.parametrize("image", [CT, MR], ids=lambda path: path.stem)
@pytest.mark.parametrize("name", GREY_STATES)
def test_grey_levels_are_those_of_dcmtk(name: str, image: Path, tmp_path: Path) -> None:
    if image is MR and name == "another modality transform":
        pytest.skip("made for the CT")
    changes, given = GREY_STATES[name]
    state = write_state(image, tmp_path, *changes, **given)
    assert passes(state)
    theirs, ours = by_dcmtk(image, state, tmp_path), by_secondread(image, state, tmp_path)
    assert np.abs(theirs - ours).max() <= 1


@pytest.mark.parametrize(("turn", "flip"), TURNS)
def test_turns_come_before_the_flip(turn: int, flip: str, tmp_path: Path) -> None:
    change = attributes(ImageRotation=turn, ImageHorizontalFlip=flip)
    state = write_state(CT, tmp_path, change, **LUNG)
    assert passes(state)
    assert np.abs(by_dcmtk(CT, state, tmp_path) - by_secondread(CT, state, tmp_path)).max() <= 1
