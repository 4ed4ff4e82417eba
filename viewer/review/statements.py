"""What an AI did, in words: not run, failed, not applicable and nothing above threshold never sound alike."""

from collections.abc import Callable

from viewer.base.i18n import _, plural
from viewer.domain.finding import Finding, ModelRun, RunState, Score


def model_name(run: ModelRun) -> str:
    """Name and version of the model, as shown everywhere."""
    return f"{run.algorithm.name} {run.algorithm.version}"


def statement(run: ModelRun) -> str:
    """One sentence on the outcome of `run`."""
    return _SENTENCES[run.state](run)


def not_run_statement(model: str) -> str:
    """For a display set on which `model` was never run."""
    return _("AI not run: {model}.").format(model=model)


def not_applicable_statement(model: str, reason: str) -> str:
    """For a display set that `model` is not made for."""
    return _("AI not applicable: {model}: {reason}").format(model=model, reason=reason)


def running_statement(model: str) -> str:
    """While `model` runs."""
    return _("AI running: {model}.").format(model=model)


def _failed(run: ModelRun) -> str:
    return _("AI failed: {model}: {reason}").format(model=model_name(run), reason=run.reason)


def _done(run: ModelRun) -> str:
    if run.findings:
        count = plural("{n} finding proposed", "{n} findings proposed", len(run.findings))
        return f"{model_name(run)}: {count}."
    return _("No finding above threshold {threshold} among: {labels} ({model}).").format(
        threshold=threshold_text(run),
        labels=", ".join(run.asked_for),
        model=model_name(run),
    )


def threshold_text(run: ModelRun) -> str:
    """The threshold with the decimals a reader needs."""
    return "?" if run.operating_point is None else f"{run.operating_point.threshold:.2f}"


def score_name(score: Score) -> str:
    """The score's name; probability only where the manifest declares a calibration, whatever it is named."""
    named = score.name.casefold()
    if score.calibrated and named in _PLAIN_NAMES:
        return _("Probability")
    return _("Score") if "probab" in named and not score.calibrated else score.name


_PLAIN_NAMES = {"score", "probability"}


def score_text(finding: Finding) -> str:
    """Score, threshold and, once measured, stability of an AI finding.

    E.g. "Cardiothoracic ratio 0.56 > 0.50, stable: 0.55 to 0.58".
    """
    if finding.score is None:
        return ""
    text = f"{score_name(finding.score)} {finding.score.value:.2f}"
    if finding.operating_point is not None:
        above = finding.score.value > finding.operating_point.threshold
        text += f" {'>' if above else '≤'} {finding.operating_point.threshold:.2f}"
    return ", ".join(filter(None, (text, stability_text(finding))))


def stability_text(finding: Finding) -> str:
    """How far the score moves under small shifts and windows; "" where that was not measured."""
    found = finding.stability
    if found is None:
        return ""
    word = _("stable") if found.stable else _("unstable")
    text = f"{word}: " + _("{low:.2f} to {high:.2f}").format(low=found.low, high=found.high)
    if not found.refused:
        return text
    refused = _("no score in {refused} of {tries} tries")
    return f"{text}, {refused.format(refused=found.refused, tries=found.tries)}"


_SENTENCES: dict[RunState, Callable[[ModelRun], str]] = {
    RunState.NOT_RUN: lambda run: not_run_statement(model_name(run)),
    RunState.RUNNING: lambda run: running_statement(model_name(run)),
    RunState.NOT_APPLICABLE: lambda run: not_applicable_statement(model_name(run), run.reason),
    RunState.FAILED: _failed,
    RunState.DONE: _done,
}
