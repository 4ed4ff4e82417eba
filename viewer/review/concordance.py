"""Where the locked first read and the AI agree, and what still stands between them."""

from collections.abc import Mapping, Sequence
from enum import Enum

from viewer.base.i18n import _
from viewer.domain.finding import Finding, ModelRun, RunState
from viewer.review.decision import Decision, Verdict

Decisions = Mapping[str, Decision]


class Discordance(Enum):
    """How one finding of the AI or of the first read departs from the other's word."""

    AI_ONLY = "AI_ONLY"
    READER_ONLY = "READER_ONLY"
    OTHER_SIDE = "OTHER_SIDE"
    REJECTED_BOTH = "REJECTED_BOTH"


def discordance_text(kind: Discordance) -> str:
    """The discordance in a sentence for the card of the finding."""
    return {
        Discordance.AI_ONLY: _("Not in your first read."),
        Discordance.READER_ONLY: _("The AI looks for this and does not propose it."),
        Discordance.OTHER_SIDE: _("Your first read and the AI name different sides."),
        Discordance.REJECTED_BOTH: _("You stated this, and overrode it where the AI says it."),
    }[kind]


def stands_for(finding: Finding, decisions: Decisions) -> Finding | None:
    """What the report will state for an AI finding: itself, its correction, or nothing (rejected)."""
    decision = decisions.get(finding.tracking_uid)
    if decision is None:
        return finding
    if decision.verdict is Verdict.REJECTED:
        return None
    return decision.corrected or finding


def pairs(
    proposed: Sequence[Finding], own: Sequence[Finding], decisions: Decisions
) -> dict[str, str]:
    """AI finding to the finding of the first read that says the same (tracking UIDs, one to one).

    The same: one code, and no two sides named. A rejected AI finding says nothing; a modified one says
    its correction. Findings that name the same side are paired before those where one names none.
    """
    paired: dict[str, str] = {}
    stated = [(finding.tracking_uid, stands_for(finding, decisions)) for finding in proposed]
    for exact in (True, False):
        for uid, said in stated:
            free = [one for one in own if one.tracking_uid not in paired.values()]
            fitting = (one for one in free if said is not None and _agree(said, one, exact))
            match = next(fitting, None)
            if uid not in paired and match is not None:
                paired[uid] = match.tracking_uid
    return paired


def unmatched(
    runs: Sequence[ModelRun], own: Sequence[Finding], decisions: Decisions
) -> tuple[Finding, ...]:
    """Findings of the first read that an AI looked for and that no AI finding stands for."""
    ended = [run for run in runs if run.state is RunState.DONE]
    proposed = [finding for run in ended for finding in run.findings]
    looked_for = {_word(one) for run in ended for one in (*run.findings, *run.below)}
    matched = set(pairs(proposed, own, decisions).values())
    return tuple(one for one in own if one.tracking_uid not in matched and _word(one) in looked_for)


def same_word(one: Finding, other: Finding) -> bool:
    """Whether two findings carry the same code, whatever their sides."""
    return _word(one) == _word(other)


def other_side(one: Finding, other: Finding) -> bool:
    """Whether two findings carry the same code and name different sides."""
    named = bool(one.laterality and other.laterality)
    return same_word(one, other) and named and one.laterality != other.laterality


def _agree(one: Finding, other: Finding, exact: bool) -> bool:
    if not same_word(one, other):
        return False
    if exact:
        return one.laterality == other.laterality
    return not (one.laterality and other.laterality)


def word_of(finding: Finding) -> str:
    """What a finding says, whatever its side and place: "SCT|8186001", or "|mass" of one without a code."""
    return "|".join(_word(finding))


def _word(finding: Finding) -> tuple[str, str]:
    if finding.code is None:
        return ("", finding.label.casefold())
    return (finding.code.scheme, finding.code.value)
