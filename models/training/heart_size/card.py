"""MODEL_CARD.md; every figure comes from metrics.json."""

import operator
from typing import Any

from models.training.heart_size import gate_words, settings, words

Metrics = dict[str, Any]
Goal = tuple[str, str, float] | None
GOALS: dict[str, tuple[str, Goal]] = {
    "heart Dice": ("Heart Dice", ("at least", ">=", 0.94)),
    "lungs Dice": ("Lung Dice, mean of both", ("at least", ">=", 0.97)),
    "ratio absolute error": ("Ratio, mean absolute error", ("at most", "<=", 0.015)),
    "AUROC": ("AUROC, true ratio > 0.50", ("at least", ">=", 0.97)),
    "sensitivity": ("Sensitivity at ratio > 0.50", None),
    "specificity": ("Specificity at ratio > 0.50", None),
    "ratio bias": ("Ratio, mean difference", None),
}
"""Figure: how the card calls it, and the goal set before training."""
REACHES = {">=": operator.ge, "<=": operator.le}


def text(metrics: Metrics) -> str:
    """The card, in Markdown."""
    return "\n".join(
        [
            f"# {words.NAME} ({settings.MODEL_ID} {settings.VERSION})",
            *_use(),
            *_method(metrics),
            *_data(metrics),
            *_tested(metrics),
            *_points(metrics["test"]),
            *_robustness(metrics),
            *gate_words.section(metrics["gate"], metrics["gate fresh"]),
            *_external(metrics["external"]),
            *_limits(),
            "",
        ]
    )


def _use() -> list[str]:
    return [
        "\n## Intended use\n",
        words.INTENDED_USE,
        "\nNot for:\n",
        *_bullets(words.NOT_FOR),
        "\nWarnings:\n",
        *_bullets(words.WARNINGS),
    ]


def _bullets(sentences: tuple[str, ...]) -> list[str]:
    return [f"- {sentence}" for sentence in sentences]


def _method(metrics: Metrics) -> list[str]:
    size = settings.SIZE
    limits = metrics["task_parameters"]
    return [
        "\n## How it works\n",
        f"A U-Net on the first eleven blocks of {words.ENCODER}, trained further as a whole, reads "
        f"the film at {size} x {size} and gives three probability maps: heart, "
        "right lung, left lung (the patient's right and left). Heart diameter is the horizontal "
        "width of the heart's largest piece; thoracic diameter runs from the outermost edge of one "
        f"lung to that of the other; edges lie where the probability crosses "
        f"{settings.MASK_THRESHOLD}. The ratio of the two widths is reported; above "
        f"{settings.RATIO_THRESHOLD:.2f} the silhouette is called enlarged. That threshold is the "
        "textbook's; it was not tuned.",
        "\nThe film is stretched to a square: the training films are squares without padding, the "
        "ratio of two horizontal widths does not change, and training varied the shape.",
        "\nRefused, with the reason, when: the heart or a lung is missing; less than "
        f"{limits['largest_component_share']:.0%} of a mask lies in one piece; the heart covers "
        f"less than {limits['heart_area'][0]:.1%} or more than {limits['heart_area'][1]:.1%} of "
        f"the film, a lung less than {limits['lung_area'][0]:.1%} or more than "
        f"{limits['lung_area'][1]:.1%}; the ratio is outside {limits['plausible_ratio'][0]:.2f} to "
        f"{limits['plausible_ratio'][1]:.2f}; the heart's centre lies further than "
        f"{-limits['least_heart_offset']:.0%} of the chest's width to the patient's right of its "
        "middle; the heart lies above the middle of the lungs; the lungs are denser than the heart.",
    ]


def _data(metrics: Metrics) -> list[str]:
    split = metrics["split"]
    return [
        "\n## Data\n",
        f"{words.DATA}, {words.SOURCE}, licence {words.DATA_LICENCE}. {sum(split.values())} films "
        f"of adults, one per patient, 512 x 512, 8 bit. {words.LABELS_BY}.",
        f"\nSplit by patient with a fixed seed: {split['training']} to train, "
        f"{split['validation']} to watch training and to compare settings, {split['test']} to "
        "test. The last epoch's averaged weights are shipped; no epoch, threshold or limit was "
        "chosen on the test films. " + words.TEST_LOOKS,
    ]


def _tested(metrics: Metrics) -> list[str]:
    test = metrics["test"]
    low, high = test["limits of agreement"]
    return [
        f"\n## Tested on {test['films']} unseen patients of the same source\n",
        f"The shipped ONNX file, prepared and measured by the viewer's own code. 95 % intervals: "
        "bootstrap over patients, 2,000 draws; exact where every film was right. Truth: the published ratio for "
        f"{test['published_ratios']} films, the same measurement on the published masks for the "
        f"others. {test['enlarged']} of the measured films have a true ratio above 0.50. "
        f"Refused: {_refused(test['refused'], test['films'])}.\n",
        "| figure | value | 95 % interval | n | goal |",
        "|---|---|---|---|---|",
        *[_row(title, test[key], goal) for key, (title, goal) in GOALS.items()],
        f"\nLimits of agreement of the ratio: {low:+.3f} to {high:+.3f}. Worst film: ratio off by "
        f"{test['worst ratio error']:.3f}; worst heart Dice {test['worst heart Dice']:.3f}.",
    ]


def _row(title: str, figure: Metrics, goal: Goal) -> str:
    low, high = figure["ci95"]
    cells = f"| {title} | {figure['value']:.3f} | {low:.3f} to {high:.3f} | {figure['n']} |"
    return f"{cells} {_verdict(figure['value'], goal)} |"


def _verdict(value: float, goal: Goal) -> str:
    if goal is None:
        return "none set"
    wording, sign, limit = goal
    return f"{wording} {limit}: {'met' if REACHES[sign](value, limit) else '**not met**'}"


def _refused(reasons: dict[str, int], films: int) -> str:
    if not reasons:
        return f"none of {films}"
    named = ", ".join(f"{count} {reason.replace('_', ' ')}" for reason, count in reasons.items())
    return f"{sum(reasons.values())} of {films} ({named})"


def _points(test: Metrics) -> list[str]:
    """The two operating points a reader may choose between."""
    rows = {
        f"second_read (default), ratio > {settings.RATIO_THRESHOLD:.2f}": test,
        f"screening, ratio > {settings.SCREENING_THRESHOLD:.2f}": test["screening"],
    }
    return [
        "\n## Operating points\n",
        "Chosen in the settings, shown with each finding. The same test films; truth is a ratio "
        "above 0.50.\n",
        "| operating point | sensitivity (95 % interval) | specificity (95 % interval) |",
        "|---|---|---|",
        *[
            f"| {name} | {_with_interval(rates['sensitivity'])} | {_with_interval(rates['specificity'])} |"
            for name, rates in rows.items()
        ],
    ]


def _with_interval(figure: Metrics) -> str:
    low, high = figure["ci95"]
    return f"{figure['value']:.3f} ({low:.3f} to {high:.3f})"


def _robustness(metrics: Metrics) -> list[str]:
    rows = [
        f"| {way} | {_change(found['change'])} | {found['refused']} |"
        for way, found in metrics["robustness"].items()
    ]
    return [
        "\n## The same films stored otherwise\n",
        f"The {metrics['test']['films']} test films, changed by code before preprocessing; how far "
        "the ratio moves from that of the film as it was.\n",
        "| stored as | mean absolute change of the ratio | refused |",
        "|---|---|---|",
        *rows,
        "\nThe lines marked FAULT are files that say something wrong about themselves: where they are "
        "not refused, the ratio is wrong. Refused here counts implausible outlines alone; the gate "
        "below comes on top.",
    ]


def _change(figure: Metrics) -> str:
    return f"{figure['value']:.3f}" if figure["n"] else "all refused"


def _external(external: Metrics | None) -> list[str]:
    if external is None:
        return ["\n## Other hospitals\n", "Not tested."]
    return [
        "\n## Another hospital: a sanity check, not a validation\n",
        "NIH ChestX-ray14 (Wang et al., CVPR 2017), the adult films of a subset of 772 that was "
        "gathered around pneumonia and COVID-19; prepared and measured as above. Some twenty of "
        "them were looked at when the augmentation was designed; nothing was tuned on their "
        "labels. The label Cardiomegaly was read from reports by a program and is not a "
        "measured ratio. Intervals: bootstrap over patients. AP films are outside the intended "
        "use and are refused by the viewer; they are shown here because the network would answer.\n",
        "| view | films (patients) | refused as implausible | labelled | AUROC | sensitivity "
        "at > 0.50 | specificity at > 0.50 | median ratio |",
        "|---|---|---|---|---|---|---|---|",
        *[_external_row(view, found) for view, found in external.items()],
        "\nWith so few labelled films the intervals of AUROC and sensitivity say more than the "
        "values.",
    ]


def _external_row(view: str, found: Metrics) -> str:
    cells = [view, f"{found['films']} ({found['patients']})"]
    cells += [_refused(found["refused"], found["films"]), str(found["labelled Cardiomegaly"])]
    for key in ("AUROC", "sensitivity", "specificity"):
        low, high = found[key]["ci95"]
        cells.append(f"{found[key]['value']:.3f} ({low:.3f} to {high:.3f})")
    return "| " + " | ".join([*cells, f"{found['median ratio']:.3f}"]) + " |"


def _limits() -> list[str]:
    return [
        "\n## The trap, and what is done about it\n",
        "The ratio is valid on PA films only, and a network that misses the heart would report a "
        "ratio all the same. The manifest admits PA films of adults only; masks that cannot be a "
        "chest are refused with a reason instead of measured; training covered raw and processed "
        "grey scales, so that a dark detector image is not mistaken for a missing heart.",
        "\n## Limits\n",
        "- One source of masks: how its readers drew the apex and the hila is "
        "learned with the rest.",
        "- About two thirds of the training films have a ratio above 0.50: more than in any "
        "ordinary list of patients.",
        "- On the validation films most of the error was seen at the left heart border just above "
        "the diaphragm, where fat and the dome hide the apex; there the outline tends to reach too "
        "far out, and the ratio comes out a little too large.",
        "- Some published masks are themselves off (seen on validation films): part of what is "
        "missing to a Dice of 1 is disagreement, not error.",
        "- A ratio near 0.50 changes side with the error above; treat 0.46 to 0.54 as undecided.",
        "- Sex, ethnicity and habitus of the training patients are not published; performance by "
        "group is not known.",
        "- Files of other processors may differ in the last digits; the golden phantom pins them "
        f"to {settings.TOLERANCE}.",
        "\nRecipe: `models/training/heart_size` in the source repository; "
        "`python -m models.training.heart_size all --data <films> --out <package>`.",
    ]
