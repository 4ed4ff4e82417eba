"""Signed reports to rows that can be counted: what a model said, what the reader said; nothing of the patient."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from viewer.domain.finding import Algorithm, Finding, ModelRun, RunState
from viewer.domain.input_figures import InputFigure
from viewer.review.concordance import same_word, word_of
from viewer.review.decision import Verdict
from viewer.review.later_truth import Truths, known
from viewer.review.report import ReportedFinding, SignedReport


@dataclass(frozen=True)
class ModelVersion:
    """Which network, by name, version and the first digits of its hash."""

    name: str
    version: str
    sha256: str

    @property
    def title(self) -> str:
        """For lists; two networks of one name and version differ in the digits."""
        return f"{self.name} {self.version} ({self.sha256[:8]})"


@dataclass(frozen=True)
class Subject:
    """What a row is counted under. finding: its label. reader: printed name. month: of signing, "2026-11"."""

    model: ModelVersion
    finding: str
    reader: str
    month: str


@dataclass(frozen=True)
class Observation:
    """One statement of a model and the signed word on it.

    proposed: above its threshold. verdict: on a proposed finding, else None. stands: whether the signed
    report states the finding; None where the reader called it indeterminate. score: None for what the
    reader added and the model gave no number for.
    """

    subject: Subject
    proposed: bool
    verdict: Verdict | None
    stands: bool | None
    score: float | None = None
    calibrated: bool = False


@dataclass(frozen=True)
class BeforeAfter:
    """One finding of a case read first: stated before the reveal, proposed by the AI, stated in the report."""

    subject: Subject
    before: bool
    proposed: bool
    after: bool


@dataclass(frozen=True)
class Judged:
    """A word of a case, against what turned out later; one row a network that looked for it.

    before: stated in the locked first read, None where the case was not read first. proposed: above the
    threshold. stated: in the signed report, None where it was left open. truth: None while nobody knows.
    score: the highest of the word.
    """

    subject: Subject
    before: bool | None
    proposed: bool
    stated: bool | None
    truth: bool | None
    score: float | None = None


@dataclass(frozen=True)
class Seen:
    """What one run was given, in figures, whether or not it came to a result. subject: without a finding."""

    subject: Subject
    figures: tuple[InputFigure, ...]


@dataclass(frozen=True)
class Observed:
    """All rows of the signed reports."""

    statements: tuple[Observation, ...] = ()
    reads: tuple[BeforeAfter, ...] = ()
    reports: int = 0
    inputs: tuple[Seen, ...] = ()
    judged: tuple[Judged, ...] = ()


def observed(reports: Iterable[SignedReport]) -> Observed:
    """Rows of the reports, of which nothing turned out later."""
    return observed_with_truth((report, {}) for report in reports)


def observed_with_truth(pairs: Iterable[tuple[SignedReport, Truths]]) -> Observed:
    """Rows of the reports; give each case's last version alone, or it counts twice."""
    statements: list[Observation] = []
    reads: list[BeforeAfter] = []
    inputs: list[Seen] = []
    judged: list[Judged] = []
    count = 0
    for report, truths in pairs:
        count += 1
        statements += _statements(report)
        reads += _reads(report)
        inputs += _inputs(report)
        judged += _judged(report, truths)
    return Observed(tuple(statements), tuple(reads), count, tuple(inputs), tuple(judged))


def in_shadow(pairs: Iterable[tuple[ModelRun, SignedReport]]) -> tuple[Observation, ...]:
    """A row for each word a model said in shadow, against the report signed without sight of it.

    Where it said a word several times the highest score counts. What the report leaves open is left out.
    """
    return tuple(row for run, report in pairs for row in _unseen(run, report))


def _unseen(run: ModelRun, report: SignedReport) -> Iterator[Observation]:
    stated = [one.decision.corrected or one.finding for one in report.findings if _is_stated(one)]
    said = sorted((*run.findings, *run.below), key=_score, reverse=True)
    for word in _words(said) if run.state is RunState.DONE else ():
        stands = _says(stated, word)
        if stands or not _left_open(report, word):
            proposed = _says(list(run.findings), word)
            yield _row(report, run.algorithm, word, proposed, None, stands)


def _score(finding: Finding) -> float:
    return float("-inf") if finding.score is None else finding.score.value


def under_own_name(rows: Observed, reader: str, others: str) -> Observed:
    """The same rows, with every reader but one under the word `others`."""

    def hidden(subject: Subject) -> Subject:
        return subject if subject.reader == reader else replace(subject, reader=others)

    return Observed(
        tuple(replace(row, subject=hidden(row.subject)) for row in rows.statements),
        tuple(replace(row, subject=hidden(row.subject)) for row in rows.reads),
        rows.reports,
        tuple(replace(row, subject=hidden(row.subject)) for row in rows.inputs),
        tuple(replace(row, subject=hidden(row.subject)) for row in rows.judged),
    )


def _statements(report: SignedReport) -> Iterator[Observation]:
    verdicts = {one.finding.tracking_uid: one for one in report.findings}
    for runs in _ended(report):
        added = _added(report)
        for run in runs:
            for finding in run.findings:
                yield _proposed(report, finding, verdicts[finding.tracking_uid])
            for finding in run.below:
                found = _take(added, finding)
                yield _row(report, run.algorithm, finding, False, None, found)
        for left in added:
            if _looked_for(left, runs):
                yield _row(report, runs[0].algorithm, left, False, None, True)


def _ended(report: SignedReport) -> list[list[ModelRun]]:
    """The finished runs, those of one network together."""
    together: dict[Algorithm, list[ModelRun]] = {}
    for run in report.runs:
        if run.state is RunState.DONE:
            together.setdefault(run.algorithm, []).append(run)
    return list(together.values())


def _added(report: SignedReport) -> list[Finding]:
    return [one.finding for one in report.findings if one.decision.verdict is Verdict.ADDED]


def _take(added: list[Finding], finding: Finding) -> bool:
    """Whether the reader added this finding; each addition is taken once."""
    match = next((one for one in added if same_word(one, finding)), None)
    if match is not None:
        added.remove(match)
    return match is not None


def _looked_for(finding: Finding, runs: list[ModelRun]) -> bool:
    stated = (one for run in runs for one in (*run.findings, *run.below))
    named = {label.casefold() for run in runs for label in run.asked_for}
    return finding.label.casefold() in named or any(same_word(one, finding) for one in stated)


def _proposed(report: SignedReport, finding: Finding, word: ReportedFinding) -> Observation:
    assert finding.algorithm is not None
    verdict = word.decision.verdict
    return _row(report, finding.algorithm, finding, True, verdict, _stands(word))


def _stands(word: ReportedFinding) -> bool | None:
    """A correction of side, site, place or size leaves the finding standing; one of the label does not."""
    decision = word.decision
    if decision.verdict is Verdict.INDETERMINATE:
        return None
    if decision.verdict is Verdict.MODIFIED and decision.corrected is not None:
        return same_word(decision.corrected, word.finding)
    return decision.verdict is not Verdict.REJECTED


def _row(
    report: SignedReport,
    algorithm: Algorithm,
    finding: Finding,
    proposed: bool,
    verdict: Verdict | None,
    stands: bool | None,
) -> Observation:
    score = finding.score
    return Observation(
        _subject(report, algorithm, finding),
        proposed,
        verdict,
        stands,
        None if score is None else score.value,
        score is not None and score.calibrated,
    )


def _subject(report: SignedReport, algorithm: Algorithm, finding: Finding | None) -> Subject:
    model = ModelVersion(algorithm.name, algorithm.version, algorithm.sha256)
    signature, label = report.signature, "" if finding is None else finding.label
    return Subject(model, label, signature.reader, f"{signature.at:%Y-%m}")


def _inputs(report: SignedReport) -> Iterator[Seen]:
    for run in report.runs:
        if run.input_figures:
            yield Seen(_subject(report, run.algorithm, None), run.input_figures)


def _reads(report: SignedReport) -> Iterator[BeforeAfter]:
    """A row for each word a network had something to say of; none where the report leaves it open."""
    if report.first_read is None:
        return
    before = [one.finding for one in report.first_read.findings]
    after = [one.decision.corrected or one.finding for one in report.findings if _is_stated(one)]
    for runs in _ended(report):
        proposed = [one for run in runs for one in run.findings]
        for word in _words([*proposed, *(one for run in runs for one in run.below)]):
            if _left_open(report, word) and not _says(after, word):
                continue
            subject = _subject(report, runs[0].algorithm, word)
            yield BeforeAfter(
                subject, _says(before, word), _says(proposed, word), _says(after, word)
            )


def _judged(report: SignedReport, truths: Truths) -> Iterator[Judged]:
    read = report.first_read
    before = None if read is None else [one.finding for one in read.findings]
    after = [one.decision.corrected or one.finding for one in report.findings if _is_stated(one)]
    for runs in _ended(report):
        proposed = [one for run in runs for one in run.findings]
        said = [*proposed, *(one for run in runs for one in run.below)]
        looked_for = [one for one in after if _looked_for(one, runs)]
        for word in _words([*said, *looked_for]):
            left_open = _left_open(report, word) and not _says(after, word)
            scores = [one.score.value for one in said if one.score and same_word(one, word)]
            yield Judged(
                _subject(report, runs[0].algorithm, word),
                None if before is None else _says(before, word),
                _says(proposed, word),
                None if left_open else _says(after, word),
                known(truths, word_of(word)),
                max(scores, default=None),
            )


def _is_stated(one: ReportedFinding) -> bool:
    return one.decision.verdict not in (Verdict.REJECTED, Verdict.INDETERMINATE)


def _left_open(report: SignedReport, word: Finding) -> bool:
    return any(
        one.decision.verdict is Verdict.INDETERMINATE and same_word(one.finding, word)
        for one in report.findings
    )


def _words(findings: list[Finding]) -> list[Finding]:
    """One finding of each word, the first."""
    kept: list[Finding] = []
    for finding in findings:
        if not _says(kept, finding):
            kept.append(finding)
    return kept


def _says(findings: list[Finding], word: Finding) -> bool:
    return any(same_word(one, word) for one in findings)
