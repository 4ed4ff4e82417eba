"""What can happen to a case: each a frozen record, appended to the store before it takes effect."""

from dataclasses import dataclass, field
from datetime import datetime

from viewer.base.growth import GROWN
from viewer.domain.finding import Finding, ModelRun
from viewer.domain.key_view import KeyView
from viewer.review.canonical import tagged_union
from viewer.review.decision import ChangeReason, Decision
from viewer.review.later_truth import LaterTruth
from viewer.review.report import FirstRead, SignedReport


@dataclass(frozen=True)
class BlindReadingBegun:
    """The case is read first: until the first read is locked, no AI runs and none is shown."""

    reader: str
    at: datetime


@dataclass(frozen=True)
class FirstReadLocked:
    """The reader commits to the findings of their own, or to none, before any AI."""

    read: FirstRead


@dataclass(frozen=True)
class Revealed:
    """From now on the AI runs and is shown."""

    reader: str
    at: datetime


@dataclass(frozen=True)
class FindingKept:
    """The reader stands by a finding of the first read that the AI does not propose."""

    tracking_uid: str
    reader: str
    at: datetime


@dataclass(frozen=True)
class RunRecorded:
    """A model's outcome on a display set; it replaces that model's earlier one there."""

    run: ModelRun
    at: datetime


@dataclass(frozen=True)
class ViewStated:
    """The reader said what the file does not: the view of a radiograph."""

    display_set_uid: str
    view: str
    reader: str
    at: datetime


@dataclass(frozen=True)
class Decided:
    """A verdict on an AI finding."""

    decision: Decision


@dataclass(frozen=True)
class Reopened:
    """A verdict taken back; it stays in the record."""

    tracking_uid: str
    reader: str
    at: datetime


@dataclass(frozen=True)
class FindingAdded:
    """A finding of the reader's own, which the AI did not propose."""

    finding: Finding
    decision: Decision


@dataclass(frozen=True)
class FindingWithdrawn:
    """The reader takes back a finding of their own; it stays in the record.

    reason: why, for a finding of the locked first read.
    """

    tracking_uid: str
    reader: str
    at: datetime
    reason: ChangeReason | None = None


@dataclass(frozen=True)
class MissesAttested:
    """The reader states that there is no further finding, or takes that back (`stated` false)."""

    stated: bool
    reader: str
    at: datetime


@dataclass(frozen=True)
class TextChanged:
    """The reader's own report text as it now stands."""

    text: str
    reader: str
    at: datetime


@dataclass(frozen=True)
class KeyImageMarked:
    """The reader marks a frame for the report, or takes the mark back (`marked` false).

    view: how it was shown then; None where it was shown as it is.
    """

    sop_instance_uid: str
    frame: int
    marked: bool
    reader: str
    at: datetime
    view: KeyView | None = field(default=None, metadata=GROWN)


@dataclass(frozen=True)
class Signed:
    """The report, frozen."""

    report: SignedReport


@dataclass(frozen=True)
class AmendmentStarted:
    """A signed case opened again: what follows becomes a new version, the old one stays."""

    reader: str
    at: datetime


@dataclass(frozen=True)
class TruthStated:
    """What turned out later on a finding of the signed report, which stays as it is."""

    truth: LaterTruth


CaseEvent = (
    BlindReadingBegun
    | FirstReadLocked
    | Revealed
    | FindingKept
    | RunRecorded
    | ViewStated
    | Decided
    | Reopened
    | FindingAdded
    | FindingWithdrawn
    | MissesAttested
    | TextChanged
    | KeyImageMarked
    | Signed
    | AmendmentStarted
    | TruthStated
)

tagged_union(CaseEvent)
