"""Opening what is no image: one way for each kind, in a table; the rest shows its attributes."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from viewer.app.presentation_states import open_state
from viewer.app.segments import open_segmentation
from viewer.app.show_pdf import show_pdf
from viewer.app.show_report import show_report
from viewer.app.show_tags import show_tags
from viewer.app.workbench import Workbench
from viewer.base.errors import ViewerError
from viewer.base.i18n import _
from viewer.domain.study import Study
from viewer.domain.study_object import ObjectKind, StudyObject

Opener = Callable[[Workbench, Study, StudyObject], None]
KIND_NAMES: Mapping[ObjectKind, Callable[[], str]] = MappingProxyType(
    {
        ObjectKind.REPORT: lambda: _("Structured report"),
        ObjectKind.DOCUMENT: lambda: _("PDF document"),
        ObjectKind.SEGMENTATION: lambda: _("Segmentation"),
        ObjectKind.PRESENTATION_STATE: lambda: _("Presentation state"),
        ObjectKind.KEY_OBJECTS: lambda: _("Key images"),
        ObjectKind.OTHER: lambda: _("Other object"),
    }
)
"""What each kind is called."""

OPENERS: Mapping[ObjectKind, Opener] = MappingProxyType(
    {
        ObjectKind.REPORT: show_report,
        ObjectKind.KEY_OBJECTS: show_report,
        ObjectKind.DOCUMENT: show_pdf,
        ObjectKind.PRESENTATION_STATE: open_state,
        ObjectKind.SEGMENTATION: open_segmentation,
    }
)
"""How each kind is opened; a kind that is missing shows its attributes."""


def open_object(workbench: Workbench, study: Study, found: StudyObject) -> None:
    """Show an object of `study`; raises ViewerError for one of another study or
    patient, and while what may be an AI's is withheld."""
    if (found.study_uid, found.patient_key) != (study.uid, study.patient.key):
        raise ViewerError(
            _("{kind} belongs to another patient or study and was not opened.").format(
                kind=kind_name(found)
            )
        )
    if not workbench.session.case_of(study).ai_visible:
        raise ViewerError(
            _("{kind} may say what an AI found. It opens once you have locked your read.").format(
                kind=kind_name(found)
            )
        )
    opener = OPENERS.get(found.kind, _show_attributes)
    opener(workbench, study, found)


def kind_name(found: StudyObject) -> str:
    """The word for what it is."""
    return KIND_NAMES[found.kind]()


def _show_attributes(workbench: Workbench, _study: Study, found: StudyObject) -> None:
    show_tags(workbench, found.path)
    words = _("{kind}: SecondRead shows only its DICOM attributes.")
    workbench.session.notify(words.format(kind=kind_name(found)))
