"""Outcomes to figures: AUROC, rates at the operating point, calibration error, Dice, refusals."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from viewer.app.evaluation.labels import Labels
from viewer.app.evaluation.outcome import Outcome
from viewer.domain.figures import Figure, auroc, bootstrapped, calibration_error, mean, rate, rates
from viewer.domain.finding import RunState
from viewer.inference.manifest import Manifest

Json = dict[str, object]


def summary(outcomes: Sequence[Outcome], labels: Labels, manifest: Manifest) -> Json:
    """Everything measured; findings and masks on the images that were not refused."""
    done = [one for one in outcomes if one.state is RunState.DONE]
    return {
        "images": len(outcomes),
        "patients": len({one.image.patient for one in outcomes}),
        "measured": len(done),
        "not_applicable": _reasons(outcomes, RunState.NOT_APPLICABLE),
        "failed": _reasons(outcomes, RunState.FAILED),
        "findings": {key: _finding(done, key, manifest) for key in labels.findings},
        "masks": {key: _mask(done, key) for key in labels.masks},
        "seconds_per_image": round(float(np.median([one.seconds for one in done])), 3)
        if done
        else None,
    }


def figure_json(figure: Figure) -> Json:
    """None for what does not exist: JSON has no NaN."""
    numbers = {"value": figure.value, "low": figure.ci95[0], "high": figure.ci95[1]}
    kept = {key: value if np.isfinite(value) else None for key, value in numbers.items()}
    return {"value": kept["value"], "ci95": [kept["low"], kept["high"]], "n": figure.n}


def outcome_json(one: Outcome) -> Json:
    """One image's line."""
    return {
        "file": str(one.image.file),
        "patient": one.image.patient,
        "state": one.state.value,
        "reason": one.reason,
        "scores": dict(one.scores),
        "above_threshold": sorted(one.above),
        "dice": {key: value if np.isfinite(value) else None for key, value in one.dice.items()},
    }


def _reasons(outcomes: Sequence[Outcome], state: RunState) -> Json:
    counted = Counter(one.reason for one in outcomes if one.state is state)
    return {"n": counted.total(), "reasons": dict(counted.most_common())}


def _finding(done: Sequence[Outcome], key: str, manifest: Manifest) -> Json:
    """A finding nothing was stated of ranks below every score, and is not above the threshold."""
    known = [one for one in done if one.image.truths[key] is not None]
    truth = np.array([bool(one.image.truths[key]) for one in known], bool)
    scores = np.array([one.scores.get(key, -np.inf) for one in known], float)
    called = np.array([key in one.above for one in known], bool)
    patients = [one.image.patient for one in known]
    pairs = np.stack([truth, scores], axis=1)
    sensitivity, specificity = rates(truth, called, patients)
    figures: Json = {
        "positives": int(truth.sum()),
        "negatives": int((~truth).sum()),
        "operating_point": manifest.operating_point.name,
        "threshold": manifest.operating_point.thresholds[key],
        "auroc": figure_json(bootstrapped(auroc, pairs, patients)),
        "sensitivity": figure_json(sensitivity),
        "specificity": figure_json(specificity),
        "calibration_error": None,
    }
    if manifest.calibrated:
        stated = np.isfinite(scores)
        named = [patient for patient, said in zip(patients, stated, strict=True) if said]
        measured = bootstrapped(calibration_error, pairs[stated], named)
        figures["calibration_error"] = figure_json(measured)
    return figures


def _mask(done: Sequence[Outcome], key: str) -> Json:
    """Dice where there is something to outline; where there is none, how often something was outlined."""
    known = [one for one in done if key in one.dice]
    filled = [one for one in known if key not in one.empty]
    empty = [one for one in known if key in one.empty]
    overlaps = np.array([one.dice[key] for one in filled], float)
    painted = np.array([key in one.painted for one in empty], bool)
    return {
        "dice": figure_json(bootstrapped(mean, overlaps, [one.image.patient for one in filled])),
        "painted_where_empty": figure_json(
            rate(painted, np.array([one.image.patient for one in empty]))
        ),
    }
