"""Reads the file of a StudyObject, and only while it still holds that object of that patient."""

from pydicom.datadict import dictionary_has_tag, dictionary_VR
from pydicom.dataset import Dataset
from pydicom.tag import BaseTag

from viewer.base.errors import FileProblem
from viewer.base.i18n import _
from viewer.dicom.header import patient_of
from viewer.dicom.reader import Header, read, read_header
from viewer.dicom.scope import BAD_VALUE, Scope
from viewer.domain.study_object import StudyObject


def read_object_file(found: StudyObject) -> Dataset:
    """All but the pixels; raises FileProblem where the file now holds another object or patient."""
    dataset = read(found.path, pixels=False)
    _refuse_unusable(found, dataset)
    return dataset


def read_object_header(found: StudyObject) -> Header:
    """All before the pixels, and where those lie; raises FileProblem as `read_object_file` does."""
    header = read_header(found.path)
    _refuse_unusable(found, header.dataset)
    return header


def _check_sequences(dataset: Dataset) -> None:
    """Read every sequence now: a damaged one would else read as absent, and its part be left out."""
    for tag in list(dataset.keys()):
        try:
            element = dataset[tag]
        except BAD_VALUE:
            if _is_sequence(dataset, tag):
                raise
            continue
        if element.VR == "SQ":
            for item in element.value:
                _check_sequences(item)


def _is_sequence(dataset: Dataset, tag: BaseTag) -> bool:
    stated = dataset.get_item(tag).VR
    if stated is None and dictionary_has_tag(tag):
        stated = dictionary_VR(tag)
    return bool(stated == "SQ")


def _refuse_unusable(found: StudyObject, dataset: Dataset) -> None:
    try:
        _check_sequences(dataset)
    except (*BAD_VALUE, OSError, RecursionError) as fault:
        words = _("{name} is damaged and cannot be shown whole. Get a new copy of it.")
        raise FileProblem(words.format(name=found.path.name)) from fault
    scope = Scope((dataset,))
    now = (scope.text("SOPInstanceUID"), scope.text("StudyInstanceUID"), patient_of(scope).key)
    if now != (found.sop_instance_uid, found.study_uid, found.patient_key):
        raise FileProblem(
            _("{name} has changed since it was opened. Open it again.").format(name=found.path.name)
        )
