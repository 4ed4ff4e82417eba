"""The plots: ROC, reliability, and the distributions of scores and inputs beside their references."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen

from viewer.base.i18n import _
from viewer.domain.input_figures import InputKey, input_title
from viewer.review.drift import Drift, drift_text
from viewer.review.monitoring import Bin, Curve, Limits
from viewer.ui import theme
from viewer.ui.dialogs.monitoring.chart import Chart

DOT_PX = 3.5


class RocChart(Chart):
    """Sensitivity against 1 - specificity, measured against signed verdicts or against later truth."""

    def __init__(self) -> None:
        super().__init__(_("ROC against signed verdicts"), _("1 - specificity"), _("sensitivity"))
        self._curve: Curve | None = None

    def show_curve(self, curve: Curve, limits: Limits, by_truth: bool = False) -> None:
        """Draw it, or say why not."""
        verdicts, truth = _("ROC against signed verdicts"), _("ROC against later truth")
        self.title = truth if by_truth else verdicts
        self.setAccessibleName(self.title)
        n = curve.area.n
        enough = n >= limits.least_n and bool(curve.points)
        self._curve = curve if enough else None
        if not curve.points:
            both = _("no curve: findings that stand and such that do not are both needed")
            truths = _("no curve: findings proved present and proved absent are both needed")
            self.say(truths if by_truth else both)
        elif not enough:
            self.say(_("too few ({n})").format(n=n))
        else:
            low, high = curve.area.ci95
            stand = _("AUROC {value:.3f} ({low:.3f} to {high:.3f}), n {n}, {positives} stand")
            present = _("AUROC {value:.3f} ({low:.3f} to {high:.3f}), n {n}, {positives} present")
            self.say(
                (present if by_truth else stand).format(
                    value=curve.area.value, low=low, high=high, n=n, positives=curve.positives
                )
            )

    def draw(self, painter: QPainter) -> None:
        """The curve over the diagonal of a coin."""
        self.diagonal(painter)
        if self._curve is not None:
            points = [self.at(x, y) for x, y in self._curve.points]
            self.line(painter, points, QPen(QColor(theme.AI), 2))


class ReliabilityChart(Chart):
    """Share of findings that stand, by score, with intervals."""

    def __init__(self) -> None:
        super().__init__(_("Reliability"), _("mean score of the bin"), _("share that stands"))
        self._bins: tuple[Bin, ...] = ()

    def show_bins(self, bins: tuple[Bin, ...], calibrated: bool, limits: Limits) -> None:
        """Draw them, or say why not."""
        n = sum(one.share.n for one in bins)
        self._bins = bins if n >= limits.least_n else ()
        if not self._bins:
            self.say(_("too few ({n})").format(n=n))
        elif calibrated:
            self.say(_("declared as probabilities, n {n}").format(n=n))
        else:
            self.say(_("scores, not declared as probabilities, n {n}").format(n=n))

    def draw(self, painter: QPainter) -> None:
        """A dot a bin with its 95 % interval."""
        self.diagonal(painter)
        for one in self._bins:
            low, high = one.share.ci95
            pen = QPen(QColor(theme.AI), 1.5)
            self.line(painter, [self.at(one.score, low), self.at(one.score, high)], pen)
            painter.setBrush(QColor(theme.AI))
            painter.drawEllipse(self.at(one.score, one.share.value), DOT_PX, DOT_PX)


class DriftChart(Chart):
    """Bars of the numbers found here; a line for the reference of the manifest."""

    def __init__(self, title: str, x_name: str, y_name: str) -> None:
        super().__init__(title, x_name, y_name)
        self._drift: Drift | None = None

    def show_drift(self, drift: Drift, limits: Limits) -> None:
        """Draw it; the summary has the index, or why there is none."""
        enough = drift.n >= limits.least_n
        self._drift = drift if enough else None
        self.say(drift_text(drift, limits))

    def x_ticks(self) -> Sequence[tuple[float, str]]:
        """From the lowest to the highest score."""
        low, high = (0.0, 1.0) if self._drift is None else (self._drift.low, self._drift.high)
        return [(place, f"{low + place * (high - low):.3g}") for place in (0.0, 0.5, 1.0)]

    def y_ticks(self) -> Sequence[tuple[float, str]]:
        """Up to the fullest bin."""
        return [(place, f"{place * self._highest():.0%}") for place in (0.0, 0.5, 1.0)]

    def draw(self, painter: QPainter) -> None:
        """Found as bars, expected as a stepped line."""
        if self._drift is None:
            return
        found = _shares(self._drift.found)
        for place, share in enumerate(found):
            top = self.at(place / len(found), share / self._highest())
            bottom = self.at((place + 1) / len(found), 0)
            painter.fillRect(
                QRectF(top, bottom).adjusted(1, 0, -1, 0), QColor(theme.AI).darker(140)
            )
        if self._drift.reference is not None:
            self.line(painter, self._steps(), QPen(QColor(theme.READER), 2))

    def _steps(self) -> list[QPointF]:
        assert self._drift is not None
        assert self._drift.reference is not None
        shares = _shares(self._drift.reference.counts)
        return [
            self.at((place + side) / len(shares), share / self._highest())
            for place, share in enumerate(shares)
            for side in (0, 1)
        ]

    def _highest(self) -> float:
        if self._drift is None:
            return 1.0
        known = self._drift.reference.counts if self._drift.reference else ()
        return max((*_shares(self._drift.found), *_shares(known)), default=0.0) or 1.0


class ScoreChart(DriftChart):
    """The scores."""

    def __init__(self) -> None:
        super().__init__(_("Scores, and the reference"), _("score"), _("share of scores"))


class InputChart(DriftChart):
    """One number of the input, in the words of its key."""

    def __init__(self) -> None:
        super().__init__(_("Input, and the reference"), "", _("share of runs"))

    def show_input(self, key: InputKey, drift: Drift, limits: Limits) -> None:
        """Draw the number of this key."""
        self.x_name = input_title(key)
        self.show_drift(drift, limits)


def _shares(counts: Sequence[float]) -> list[float]:
    total = sum(counts)
    return [count / total if total else 0.0 for count in counts]
