"""A MONAI metadata.json to answers: only what it says in so many words; the rest is still asked.

MONAI Model Bundle specification: network_data_format describes each tensor of the network.
"""

from collections.abc import Iterator, Mapping

from viewer.inference.importing.answers import Given
from viewer.inference.importing.labels import NO_FINDING, slug

VALUE_RANGES = {(0, 1): "unit", (-1, 1): "minus_one_to_one", (0, 255): "eight_bit"}
MODALITIES = {"MR": "MR", "MRI": "MR", "CT": "CT", "CR": "CR", "DX": "DX", "MG": "MG", "US": "US"}
"""MONAI's words that are DICOM's, too; others, such as "X-ray", leave the question open."""

TEXTS = {
    "name": ("name", "task"),
    "version": ("version",),
    "vendor": ("authors",),
    "intended_use": ("intended_use",),
    "licence": ("copyright",),
    "data": ("data_source",),
}
"""For each answer the fields that may hold it, the best first."""


def from_metadata(metadata: Given) -> dict[str, object]:
    """What metadata.json answers; empty where it is not of MONAI's form."""
    found: dict[str, object] = dict(_texts(metadata))
    formats = _mapping(metadata.get("network_data_format"))
    found.update(_input(_first(formats.get("inputs"))))
    found.update(_output(_first(formats.get("outputs"))))
    return found


def _texts(metadata: Given) -> Iterator[tuple[str, object]]:
    for answer, names in TEXTS.items():
        texts = (metadata.get(name) for name in names)
        text = next((one for one in texts if isinstance(one, str) and one.strip()), "")
        if text:
            yield answer, text.strip()[:500]


def _input(tensor: Given) -> Iterator[tuple[str, object]]:
    modality = MODALITIES.get(str(tensor.get("modality", "")).upper())
    if modality:
        yield "modality", [modality]
    if tensor.get("num_channels") in (1, 3):
        yield "channels", tensor["num_channels"]
    shape = tensor.get("spatial_shape")
    if isinstance(shape, list) and len(shape) == 2 and all(isinstance(n, int) for n in shape):
        yield "size", shape
    limits = tensor.get("value_range")
    if isinstance(limits, list) and tuple(limits) in VALUE_RANGES:
        yield "normalisation", VALUE_RANGES[tuple(limits)]


def _output(tensor: Given) -> Iterator[tuple[str, object]]:
    channels = _mapping(tensor.get("channel_def"))
    numbers = sorted(int(key) for key in channels if str(key).isdigit())
    if numbers and numbers == list(range(len(channels))):
        names = [str(channels[str(number)]) for number in numbers]
        yield "labels", [{"display": n, "finding": slug(n) not in NO_FINDING} for n in names]


def _first(tensors: object) -> Given:
    return _mapping(next(iter(_mapping(tensors).values()), None))


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}
