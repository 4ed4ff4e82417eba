"""Real files of pydicom and pydicom-data, and small DICOM files made for one question."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from pydicom.data import get_testdata_file
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, generate_uid

CT_CLASS = "1.2.840.10008.5.1.4.1.1.2"


@pytest.fixture(scope="session")
def real_file() -> Callable[[str], Path]:
    """A file of pydicom or pydicom-data by name, without any download."""

    def find(name: str) -> Path:
        found = get_testdata_file(name, download=False)
        if found is None:
            pytest.skip(f"{name} is not in the installed pydicom and pydicom-data")
        return Path(str(found))

    return find


def _dataset(pixels: np.ndarray, attributes: dict[str, object]) -> Dataset:
    dataset = Dataset()
    for keyword, value in {
        "SOPClassUID": CT_CLASS,
        "SOPInstanceUID": generate_uid(),
        "StudyInstanceUID": "1.2.3",
        "SeriesInstanceUID": "1.2.3.4",
        "PatientID": "P1",
        "PatientName": "One^Patient",
        "Modality": "CT",
        "SeriesNumber": 4,
        "SamplesPerPixel": 3 if pixels.ndim == 3 else 1,
        "PhotometricInterpretation": "RGB" if pixels.ndim == 3 else "MONOCHROME2",
        "Rows": pixels.shape[0],
        "Columns": pixels.shape[1],
        "BitsAllocated": 8 * pixels.dtype.itemsize,
        "BitsStored": 8 * pixels.dtype.itemsize,
        "HighBit": 8 * pixels.dtype.itemsize - 1,
        "PixelRepresentation": int(pixels.dtype.kind == "i"),
        **({"PlanarConfiguration": 0} if pixels.ndim == 3 else {}),
        **attributes,
    }.items():
        if value is not None:
            setattr(dataset, keyword, value)
    return dataset


@pytest.fixture
def make_dicom(tmp_path: Path) -> Callable[..., Path]:
    """Write an image; keyword arguments are DICOM keywords, None leaves one out."""

    def make(
        name: str = "image.dcm",
        pixels: np.ndarray | None = None,
        data: bytes | None = None,
        syntax: str = ExplicitVRLittleEndian,
        **attributes: object,
    ) -> Path:
        values = pixels if pixels is not None else np.arange(64, dtype=np.uint16).reshape(8, 8)
        dataset = _dataset(values, attributes)
        meta = FileMetaDataset()
        meta.TransferSyntaxUID = ExplicitVRLittleEndian
        meta.MediaStorageSOPClassUID = dataset.SOPClassUID
        meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
        if "PixelData" not in attributes:
            dataset.PixelData = values.tobytes() if data is None else data
            dataset["PixelData"].VR = "OB" if values.dtype.itemsize == 1 else "OW"
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        file = FileDataset(str(path), dataset, file_meta=meta, preamble=b"\0" * 128)
        file.save_as(path, enforce_file_format=True)
        if syntax != ExplicitVRLittleEndian:
            _relabel(path, syntax)
        return path

    return make


def _relabel(path: Path, syntax: str) -> None:
    """Another transfer syntax in the meta header, the bytes of the object as they were."""
    content = path.read_bytes()
    old = ExplicitVRLittleEndian.encode() + b"\0"
    new = syntax.encode() + b"\0" * (len(syntax) % 2)
    start = content.index(b"\x02\x00\x10\x00UI") + 6
    assert content[start + 2 : start + 2 + len(old)] == old
    group = int.from_bytes(content[140:144], "little") + len(new) - len(old)
    path.write_bytes(
        content[:140]
        + group.to_bytes(4, "little")
        + content[144:start]
        + len(new).to_bytes(2, "little")
        + new
        + content[start + 2 + len(old) :]
    )
