"""IndexEntry: what one file's header says, read once when it is found."""

from dataclasses import dataclass
from pathlib import Path

from viewer.base.errors import FileProblem
from viewer.base.i18n import _
from viewer.dicom.concatenation import Part, part_of
from viewer.dicom.frame_order import FrameStack, frame_stacks
from viewer.dicom.frame_rate import frame_rate
from viewer.dicom.header import acquisition_of, instance_of, patient_of
from viewer.dicom.orientation import image_plane
from viewer.dicom.pixel_check import frames_held, pixel_problem
from viewer.dicom.reader import Header, read_header
from viewer.dicom.scope import Scope, frame_scope
from viewer.dicom.study_objects import object_kind, read_object
from viewer.domain.display_set import Acquisition
from viewer.domain.geometry import ImagePlane
from viewer.domain.study import Instance, Patient
from viewer.domain.study_object import ObjectKind, StudyObject

DICOMDIR_CLASS = "1.2.840.10008.1.3.10"
INDEX_TAGS = [
    "ImageType",
    "SOPClassUID",
    "SOPInstanceUID",
    "StudyDate",
    "AcquisitionDate",
    "StudyTime",
    "AccessionNumber",
    "Modality",
    "Manufacturer",
    "StudyDescription",
    "SeriesDescription",
    "PatientName",
    "PatientID",
    "IssuerOfPatientID",
    "PatientBirthDate",
    "PatientSex",
    "PatientAge",
    "BodyPartExamined",
    "SliceThickness",
    "ViewPosition",
    "ViewCodeSequence",
    "PatientPosition",
    "GantryDetectorTilt",
    "StudyInstanceUID",
    "SeriesInstanceUID",
    "StudyID",
    "SeriesNumber",
    "AcquisitionNumber",
    "InstanceNumber",
    "ImagePositionPatient",
    "ImageOrientationPatient",
    "FrameOfReferenceUID",
    "Laterality",
    "ImageLaterality",
    "TemporalPositionIdentifier",
    "EchoTime",
    "InversionTime",
    "ScanningSequence",
    "SequenceName",
    "PulseSequenceName",
    "ProtocolName",
    "SamplesPerPixel",
    "PhotometricInterpretation",
    "PlanarConfiguration",
    "NumberOfFrames",
    "Rows",
    "Columns",
    "BitsAllocated",
    "BitsStored",
    "HighBit",
    "PixelRepresentation",
    "BurnedInAnnotation",
    "TriggerTime",
    "DiffusionBValue",
    "RecommendedDisplayFrameRate",
    "CineRate",
    "FrameTime",
    "FrameTimeVector",
    "SharedFunctionalGroupsSequence",
    "PerFrameFunctionalGroupsSequence",
    "DimensionIndexSequence",
    "ConcatenationUID",
    "InConcatenationNumber",
    "InConcatenationTotalNumber",
]
"""All that the index needs; everything else of a header is skipped unread."""

PHASES = (
    "AcquisitionNumber",
    "TemporalPositionIdentifier",
    "EchoTime",
    "DiffusionBValue",
    "TriggerTime",
)
"""Numbers that tell phases, echoes and weightings of one series apart."""


@dataclass(frozen=True)
class IndexEntry:
    """One instance with its identity, geometry and acquisition. phases: what may tell apart slices at one place.

    problem: a sentence where the file is not all that it should be, else "".
    study_object: what it is where it is no image.
    """

    patient: Patient
    study_uid: str
    study_date: str
    study_time: str
    study_description: str
    accession_number: str
    study_id: str
    series_uid: str
    series_number: int | None
    series_description: str
    instance: Instance
    acquisition: Acquisition
    plane: ImagePlane | None
    gantry_tilt_deg: float
    phases: tuple[object, ...]
    problem: str = ""
    frame_rate: float | None = None
    stacks: tuple[FrameStack, ...] = ()
    """Of a multi-frame object that says where its frames lie; empty where their order stands."""
    study_object: StudyObject | None = None
    part: Part | None = None
    """Which part of a concatenation it is; None for an object that is whole."""

    @property
    def is_localizer(self) -> bool:
        """Scout image (PS3.3 C.8.2.1.1.1)."""
        return "LOCALIZER" in self.acquisition.image_type


def read_entry(path: Path) -> IndexEntry | None:
    """The entry of one file, or None for a DICOMDIR; raises FileProblem with the reason."""
    header = read_header(path, INDEX_TAGS)
    scope = frame_scope(header.dataset, 0)
    if _class_of(header, scope) == DICOMDIR_CLASS:
        return None
    _refuse_nameless(path, scope)
    return entry_of(path, header, scope)


def _class_of(header: Header, scope: Scope) -> str:
    meta = getattr(header.dataset, "file_meta", None)
    return scope.text("SOPClassUID") or (
        Scope((meta,)).text("MediaStorageSOPClassUID") if meta else ""
    )


NEEDED_UIDS = {
    "SOPInstanceUID": "SOP Instance UID",
    "StudyInstanceUID": "Study Instance UID",
    "SeriesInstanceUID": "Series Instance UID",
}


def _refuse_nameless(path: Path, scope: Scope) -> None:
    for keyword, name in NEEDED_UIDS.items():
        if not scope.text(keyword):
            raise FileProblem(
                _(
                    "{file} has no {uid}, so it cannot be placed in a patient's study. "
                    "Get a new copy of it."
                ).format(file=path.name, uid=name)
            )


def entry_of(path: Path, header: Header, scope: Scope) -> IndexEntry:
    """The entry of a header that names its study, series and instance."""
    kind, frames = _kind(header, scope), frames_held(header, scope)
    return IndexEntry(
        patient=patient_of(scope),
        study_uid=scope.text("StudyInstanceUID"),
        study_date=scope.text("StudyDate"),
        study_time=scope.text("StudyTime"),
        study_description=scope.text("StudyDescription"),
        accession_number=scope.text("AccessionNumber"),
        study_id=scope.text("StudyID"),
        series_uid=scope.text("SeriesInstanceUID"),
        series_number=scope.integer("SeriesNumber"),
        series_description=scope.text("SeriesDescription"),
        instance=instance_of(scope, path, header.transfer_syntax, frames),
        acquisition=acquisition_of(scope),
        plane=image_plane(scope),
        gantry_tilt_deg=scope.number("GantryDetectorTilt") or 0.0,
        phases=(scope.texts("ImageType"), *(scope.number(keyword) for keyword in PHASES)),
        problem=_problem(header, scope),
        frame_rate=frame_rate(scope),
        stacks=_stacks(header, frames) if frames and kind is None else (),
        study_object=None if kind is None else read_object(path, kind),
        part=part_of(header.dataset) if kind is None else None,
    )


def _stacks(header: Header, frames: int) -> tuple[FrameStack, ...]:
    """None where the object describes other frames than it holds: then their order stands."""
    stacks = frame_stacks(header.dataset)
    described = [number for stack in stacks for number in stack.frames]
    return stacks if all(number < frames for number in described) else ()


def _problem(header: Header, scope: Scope) -> str:
    """What is wrong with an object that can still be listed."""
    is_image = header.pixel is not None or _kind(header, scope) is None
    return pixel_problem(header, scope) if is_image else ""


def _kind(header: Header, scope: Scope) -> ObjectKind | None:
    return object_kind(_class_of(header, scope), has_pixels=header.pixel is not None)
