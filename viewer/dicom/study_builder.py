"""StudyBuilder: entries as they come, to a frozen StudyIndex at any moment; patients never merge."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from filecmp import cmp
from pathlib import Path

from viewer.base.i18n import _
from viewer.dicom.display_sets import display_sets
from viewer.dicom.index_entry import IndexEntry
from viewer.domain.study import Problem, Series, Study, StudyIndex
from viewer.domain.study_object import StudyObject

StudyKey = tuple[tuple[str, str, str, str], str]
SeriesKey = tuple[StudyKey, str]


@dataclass
class StudyBuilder:
    """The one mutable thing of an index run; private to it."""

    problems: list[Problem] = field(default_factory=list)
    skipped: int = 0
    files_seen: int = 0
    _series: dict[SeriesKey, list[IndexEntry]] = field(default_factory=dict)
    _built: dict[SeriesKey, Series] = field(default_factory=dict)
    _instances: dict[str, Path] = field(default_factory=dict)
    _patients: dict[str, list[StudyKey]] = field(default_factory=dict)

    def add(self, entry: IndexEntry) -> None:
        """Take one instance; a second of the same UID only if nothing is lost by leaving it out."""
        path, uid = entry.instance.path, entry.instance.sop_instance_uid
        known = self._instances.setdefault(uid, path)
        if known is not path:
            self._repeated(entry, known)
            return
        if entry.problem:
            self.refuse(path, entry.problem)
        study_key = (entry.patient.key, entry.study_uid)
        self._note_patient(study_key, path)
        series_key = (study_key, entry.series_uid)
        self._series.setdefault(series_key, []).append(entry)
        self._built.pop(series_key, None)

    def refuse(self, path: Path, reason: str) -> None:
        """List a file that could not be used."""
        self.problems.append(Problem(path, reason))

    def _repeated(self, entry: IndexEntry, known: Path) -> None:
        path = entry.instance.path
        if _same_content(path, known):
            return
        words = _(
            "{name} has the same SOP Instance UID as {other} but other content; "
            "only the first is shown."
        )
        self.refuse(path, words.format(name=path.name, other=known.name))

    def _note_patient(self, study_key: StudyKey, path: Path) -> None:
        """The same Study Instance UID under a second patient: said once, kept apart."""
        keys = self._patients.setdefault(study_key[1], [])
        if study_key in keys:
            return
        keys.append(study_key)
        if len(keys) > 1:
            words = _(
                "{name} has the Study Instance UID of another patient's study; "
                "the two are kept apart. Check the patient's identity."
            )
            self.refuse(path, words.format(name=path.name))

    def freeze(self) -> StudyIndex:
        """All that was found so far, in a stable order."""
        by_study: dict[StudyKey, list[SeriesKey]] = {}
        for key in self._series:
            by_study.setdefault(key[0], []).append(key)
        studies = [self._study(keys) for keys in by_study.values()]
        studies.sort(key=lambda study: (study.patient.key, study.date, study.time, study.uid))
        return StudyIndex(tuple(studies), tuple(self.problems), self.skipped, self.files_seen)

    def _study(self, keys: Iterable[SeriesKey]) -> Study:
        series = sorted((self._frozen_series(key) for key in keys), key=_series_order)
        first = min(
            (self._series[key][0] for key in keys),
            key=lambda entry: entry.instance.sop_instance_uid,
        )
        return Study(
            uid=first.study_uid,
            patient=first.patient,
            date=first.study_date,
            time=first.study_time,
            description=first.study_description,
            accession_number=first.accession_number,
            study_id=first.study_id,
            series=tuple(series),
            objects=tuple(self._objects(keys)),
        )

    def _objects(self, keys: Iterable[SeriesKey]) -> list[StudyObject]:
        """What is no image, of one patient's study alone: a key holds patient and study."""
        entries = (entry for key in keys for entry in self._series[key])
        found = [entry.study_object for entry in entries if entry.study_object is not None]
        return sorted(found, key=_object_order)

    def _frozen_series(self, key: SeriesKey) -> Series:
        if key not in self._built:
            self._built[key] = _series_of(self._series[key])
        return self._built[key]


def _series_order(series: Series) -> tuple[float, str]:
    return (float("inf") if series.number is None else series.number, series.uid)


def _object_order(found: StudyObject) -> tuple[float, str, str, str]:
    number = float("inf") if found.series_number is None else found.series_number
    return (number, found.date, found.time, found.sop_instance_uid)


def _series_of(entries: list[IndexEntry]) -> Series:
    first = entries[0]
    return Series(
        uid=first.series_uid,
        modality=first.acquisition.modality,
        number=first.series_number,
        description=first.series_description,
        instances=tuple(entry.instance for entry in entries),
        display_sets=display_sets(entries),
    )


def _same_content(one: Path, other: Path) -> bool:
    try:
        return cmp(one, other, shallow=False)
    except OSError:
        return False
