"""Presentation states written by highdicom, with what it cannot write added by hand; for tests alone."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from highdicom import UID
from highdicom.pr import GrayscaleSoftcopyPresentationState, SoftcopyVOILUTTransformation
from pydicom import dcmread
from pydicom.dataset import Dataset

Change = Callable[[Dataset], None]


def write_state(
    image: Path, folder: Path, *changes: Change, name: str = "state.dcm", **given: object
) -> Path:
    """A grayscale state for one image; `given` goes to highdicom, `changes` to what it wrote."""
    source = dcmread(image)
    options: dict[str, object] = {
        "content_label": "SECOND LOOK",
        "content_description": "Window for the lung",
        "content_creator_name": "Roe^Jane",
        **given,
    }
    dataset = GrayscaleSoftcopyPresentationState(
        referenced_images=[source],
        series_instance_uid=UID(),
        series_number=99,
        sop_instance_uid=UID(),
        instance_number=1,
        manufacturer="SecondRead tests",
        manufacturer_model_name="none",
        software_versions="1",
        device_serial_number="1",
        **options,
    )
    for change in changes:
        change(dataset)
    path = folder / name
    dataset.save_as(path)
    return path


def window(center: float, width: float) -> dict[str, object]:
    """The softcopy window of all images, for `write_state`."""
    made = SoftcopyVOILUTTransformation(window_center=center, window_width=width)
    return {"voi_lut_transformations": [made]}


def attributes(**values: object) -> Change:
    """Sets attributes; None deletes one."""

    def change(dataset: Dataset) -> None:
        for keyword, value in values.items():
            if value is None:
                dataset.pop(keyword, None)
            else:
                setattr(dataset, keyword, value)

    return change


def lut_item(first: int, bits: int, entries: np.ndarray, **others: object) -> Dataset:
    """An item of a LUT sequence."""
    item = Dataset()
    vr = "SS" if first < 0 else "US"
    item.add_new("LUTDescriptor", vr, [len(entries) % 65536, first, bits])
    item.add_new("LUTData", "OW", entries.astype("<u2").tobytes())
    for keyword, value in others.items():
        setattr(item, keyword, value)
    return item


def overlay(
    group: int, mask: np.ndarray, layer: str = "", origin: tuple[int, int] = (1, 1)
) -> Change:
    """An overlay plane of the state's own, drawn in `layer` if that is named."""

    def change(dataset: Dataset) -> None:
        packed = np.packbits(mask, axis=None, bitorder="little").tobytes()
        dataset.add_new((group, 0x0010), "US", mask.shape[0])
        dataset.add_new((group, 0x0011), "US", mask.shape[1])
        dataset.add_new((group, 0x0040), "CS", "G")
        dataset.add_new((group, 0x0050), "SS", list(origin))
        dataset.add_new((group, 0x0100), "US", 1)
        dataset.add_new((group, 0x0102), "US", 0)
        dataset.add_new((group, 0x3000), "OW", packed + b"\0" * (len(packed) % 2))
        if layer:
            dataset.add_new((group, 0x1001), "CS", layer)
            made = Dataset()
            made.GraphicLayer, made.GraphicLayerOrder = layer, 1
            dataset.GraphicLayerSequence = [made]

    return change
