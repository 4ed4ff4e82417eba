"""Who says what is in a report: people, devices and algorithms, from its header and its tree."""

from collections.abc import Iterator

from pydicom.dataset import Dataset

from viewer.dicom.scope import Scope
from viewer.domain.readable import readable_name
from viewer.domain.sr_document import SrItem

OBSERVER_TYPE, PERSON_NAME, DEVICE_UID = "121005", "121008", "121012"
DEVICE_WORDS = ("121013", "121014", "121015", "121016")
"""Device observer's name, manufacturer, model, serial number (PS3.16 TID 1004)."""

ALGORITHM_NAME, ALGORITHM_VERSION = "111001", "111003"
"""Of TID 4019 and TID 1501."""


def author_names(scope: Scope) -> tuple[str, ...]:
    """People of the Author Observer Sequence (PS3.3 C.17.2)."""
    authors = map(_observer_scope, scope.items("AuthorObserverSequence"))
    return tuple(readable_name(name) for one in authors if (name := one.text("PersonName")))


def author_devices(scope: Scope) -> tuple[str, ...]:
    """Devices of the Author Observer Sequence, each in one line."""
    keywords = ("StationName", "Manufacturer", "ManufacturerModelName")
    authors = map(_observer_scope, scope.items("AuthorObserverSequence"))
    lines = (", ".join(filter(None, map(one.text, keywords))) for one in authors)
    return tuple(filter(None, lines))


def _observer_scope(item: Dataset) -> Scope:
    return Scope((item,))


def observers(root: SrItem) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """People and devices that the tree names as observers, each once (PS3.16 TID 1002)."""
    people: dict[str, None] = {}
    devices: dict[str, None] = {}
    for item in root.walk():
        for observer in _grouped(item):
            person = observer.get(PERSON_NAME)
            named = ", ".join(observer[code] for code in DEVICE_WORDS if code in observer)
            device = named or observer.get(DEVICE_UID, "")
            people.update({person: None} if person else {})
            devices.update({device: None} if device else {})
    return tuple(people), tuple(devices)


def _grouped(parent: SrItem) -> Iterator[dict[str, str]]:
    """The observer context of one item: a new observer begins with each Observer Type."""
    observer: dict[str, str] = {}
    for child in parent.children:
        code = _dcm_code(child)
        if code == OBSERVER_TYPE:
            yield observer
            observer = {}
        if child.relationship == "HAS OBS CONTEXT" and code and child.value:
            observer[code] = child.value
    yield observer


def algorithms(root: SrItem) -> tuple[str, ...]:
    """Name and version of each algorithm that the tree names, each once."""
    found: dict[str, None] = {}
    for item in root.walk():
        words = {_dcm_code(child): child.value for child in item.children}
        if words.get(ALGORITHM_NAME):
            parts = (words[ALGORITHM_NAME], words.get(ALGORITHM_VERSION, ""))
            found[" ".join(filter(None, parts))] = None
    return tuple(found)


def _dcm_code(item: SrItem) -> str:
    return item.name.value if item.name is not None and item.name.scheme == "DCM" else ""
