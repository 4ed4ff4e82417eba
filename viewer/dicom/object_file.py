"""Reads the file of a StudyObject, and only while it still holds that object of that patient."""

from pydicom.dataset import Dataset

from viewer.base.errors import FileProblem
from viewer.base.i18n import _
from viewer.dicom.header import patient_of
from viewer.dicom.reader import Header, read, read_header
from viewer.dicom.scope import Scope
from viewer.domain.study_object import StudyObject


def read_object_file(found: StudyObject) -> Dataset:
    """All but the pixels; raises FileProblem where the file now holds another object or patient."""
    dataset = read(found.path, pixels=False)
    _refuse_changed(found, dataset)
    return dataset


def read_object_header(found: StudyObject) -> Header:
    """All before the pixels, and where those lie; raises FileProblem as `read_object_file` does."""
    header = read_header(found.path)
    _refuse_changed(found, header.dataset)
    return header


def _refuse_changed(found: StudyObject, dataset: Dataset) -> None:
    scope = Scope((dataset,))
    now = (scope.text("SOPInstanceUID"), scope.text("StudyInstanceUID"), patient_of(scope).key)
    if now != (found.sop_instance_uid, found.study_uid, found.patient_key):
        raise FileProblem(
            _("{name} has changed since it was opened. Open it again.").format(name=found.path.name)
        )
