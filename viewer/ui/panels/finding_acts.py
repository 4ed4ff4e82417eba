"""What the reader can do with a finding, as buttons; agreeing and disagreeing always cost one click each."""

from viewer.app import review_findings
from viewer.app.commands import review
from viewer.app.editing import begin_editing
from viewer.app.shortcuts import with_key
from viewer.app.workbench import Workbench
from viewer.base.i18n import _
from viewer.domain.finding import Finding, Source
from viewer.review.concordance import discordance_text
from viewer.review.decision import ChangeReason, Decision, OverrideReason, change_text
from viewer.ui.panels.fields import FlowOfButtons

TAKE_OVER = (ChangeReason.OVERLOOKED, ChangeReason.JUDGED_OTHERWISE)
"""Why a finding of the AI's is taken over after the first read; the first has the key."""

TAKE_BACK = (ChangeReason.JUDGED_OTHERWISE, ChangeReason.NOT_SURE)
"""Why a finding of the first read is withdrawn; the first has the key."""

SHORT = {
    ChangeReason.OVERLOOKED: lambda: _("Overlooked"),
    ChangeReason.JUDGED_OTHERWISE: lambda: _("Judged anew"),
    ChangeReason.NOT_SURE: lambda: _("Not sure"),
}
"""The reasons as buttons have room for them."""


class FindingActs(FlowOfButtons):
    """The acts that the state of one finding allows."""

    def __init__(self, workbench: Workbench, finding: Finding, decision: Decision | None) -> None:
        super().__init__()
        self._workbench = workbench
        self._finding = finding
        case = workbench.session.case
        departs = None if case is None else case.discordance(finding)
        if departs is not None:
            self.say(discordance_text(departs))
        if finding.source is Source.READER:
            self._add_own(departs is not None, case is not None and self._is_kept())
        elif decision is not None:
            self._add_decided()
        elif departs is None:
            self._add_undecided()
        else:
            self._add_discordant()

    def _is_kept(self) -> bool:
        case = self._workbench.session.case
        return case is not None and self._finding.tracking_uid in case.kept

    def _add_undecided(self) -> None:
        self._offer(_("Confirm"), "review.confirm", self._confirm, _("Agree with the AI"))
        self._offer(_("Override"), "review.override", self._override, _("Disagree with the AI"))
        self._add_others()

    def _add_discordant(self) -> None:
        first, second = TAKE_OVER
        hint = _("The AI's finding is not there")
        self._offer(_("Keep mine"), "review.override", self._override, hint)
        self._add_others()
        self.say(_("Take it over, because:"))
        self._offer(
            SHORT[first](), "review.confirm", lambda: self._confirm(first), _change_hint(first)
        )
        self.add(SHORT[second](), lambda: self._confirm(second), _change_hint(second))

    def _add_others(self) -> None:
        hint = _("Another label, site, side, box or size")
        self._offer(_("Change…"), "review.modify", self._modify, hint)
        hint = _("These images cannot tell")
        self._offer(_("Cannot tell"), "review.indeterminate", self._indeterminate, hint)

    def _add_decided(self) -> None:
        self._offer(_("Reopen"), "review.reopen", self._reopen, _("Take the decision back"))
        self._offer(_("Change…"), "review.modify", self._modify, "")

    def _add_own(self, departs: bool, kept: bool) -> None:
        if kept:
            self._offer(_("Reopen"), "review.reopen", self._reopen, _("Take the decision back"))
        elif departs:
            self._offer(_("Keep mine"), "review.confirm", self._keep, _("It stays in the report"))
            self._add_withdrawals("review.override")
        elif self._is_locked():
            self._add_withdrawals("")
        else:
            self.add(_("Withdraw"), lambda: self._withdraw(None))

    def _is_locked(self) -> bool:
        case = self._workbench.session.case
        return case is not None and self._finding in case.own_first

    def _add_withdrawals(self, command: str) -> None:
        """One button a reason; command: whose key the first one has, or ""."""
        first, second = TAKE_BACK
        self.say(_("Withdraw it, because:"))
        words = SHORT[first]()
        titled = with_key(self._workbench.settings, words, command) if command else words
        self.add(titled, lambda: self._withdraw(first), _change_hint(first))
        self.add(SHORT[second](), lambda: self._withdraw(second), _change_hint(second))

    def _offer(self, words: str, command: str, act: review_findings.Act, hint: str) -> None:
        self.add(with_key(self._workbench.settings, words, command), act, hint)

    def _confirm(self, change: ChangeReason = ChangeReason.OVERLOOKED) -> None:
        self._workbench.session.select(self._finding.tracking_uid)
        review_findings.confirm(self._workbench, self._finding, change)

    def _override(self) -> None:
        self._workbench.session.select(self._finding.tracking_uid)
        review_findings.override(self._workbench, self._finding)

    def _indeterminate(self) -> None:
        self._workbench.session.select(self._finding.tracking_uid)
        reason, change = OverrideReason.CANNOT_TELL, review.UNSURE
        review_findings.override(self._workbench, self._finding, reason, change=change)

    def _modify(self) -> None:
        begin_editing(self._workbench, self._finding)

    def _reopen(self) -> None:
        review_findings.reopen(self._workbench, self._finding)

    def _keep(self) -> None:
        review_findings.keep(self._workbench, self._finding)

    def _withdraw(self, reason: ChangeReason | None) -> None:
        review_findings.withdraw(self._workbench, self._finding, reason)


def _change_hint(reason: ChangeReason) -> str:
    words = _("{reason}. Changes your locked first read; time and reason are recorded")
    return words.format(reason=change_text(reason))
