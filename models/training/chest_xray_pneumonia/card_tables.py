"""Tables of the card, from the run's metrics."""

from typing import Any

Metrics = dict[str, Any]

GOALS = {
    "Pneumonia": ("AUROC, matched", 0.78),
    "Edema": ("AUROC among pneumonia", 0.85),
    "Atelectasis": ("AUROC among pneumonia", 0.74),
}
"""Of issue 4. The measured baselines of edema and atelectasis are those among the pneumonia films."""


def discrimination(metrics: Metrics) -> str:
    """Every finding that was tried, shipped or not."""
    heading = [
        "finding",
        "films with it",
        "matched pairs",
        "size alone, matched",
        "baseline, matched",
        "**this, matched**",
        "this, among pneumonia films",
        "in the package",
    ]
    rows = []
    for name, found in metrics["labels"].items():
        baseline = metrics["baseline"].get(name, {}).get("AUROC, matched")
        rows.append(
            [
                name,
                str(found["films with it"]),
                str(found["pairs"]),
                figure(found["file size alone, matched"]),
                figure(baseline),
                f"**{figure(found['AUROC, matched'])}**",
                figure(found["AUROC among pneumonia"]),
                "yes" if name in metrics["shipped"] else "left out",
            ]
        )
    return table(heading, rows)


def goals(metrics: Metrics) -> str:
    """Each goal of the issue, met or not."""
    said = []
    for name, (key, goal) in GOALS.items():
        value = metrics["labels"][name][key]["value"]
        met = "met" if value >= goal else "**not met**"
        said.append(f"{name} {goal:.2f} ({key}): {value:.3f}, {met}")
    return "; ".join(said)


def views(metrics: Metrics) -> str:
    """Matched AUROC by view, with the number of films."""
    rows = [
        [name, *(_with_n(metrics["labels"][name]["by view, matched"].get(v)) for v in ("AP", "PA"))]
        for name in metrics["shipped"]
    ]
    return table(["finding", "AP pairs alone", "PA pairs alone"], rows)


def points(metrics: Metrics) -> str:
    """Each finding at each operating point."""
    rows = []
    for name in metrics["shipped"]:
        for point, rates in metrics["labels"][name]["points"].items():
            threshold = f"{metrics['thresholds'][point][name]:.3f}"
            cells = [figure(rates[rate]) for rate in ("sensitivity", "specificity")]
            rows.append([name, point, threshold, *cells])
    return table(["finding", "operating point", "score above", "sensitivity", "specificity"], rows)


def errors(metrics: Metrics) -> str:
    """Calibration error of each shipped finding."""
    found = [
        f"{name} {metrics['labels'][name]['calibration error, matched']:.3f}"
        for name in metrics["shipped"]
    ]
    return ", ".join(found)


def pointing(metrics: Metrics) -> str:
    """The pointing game of pneumonia beside those who point without looking."""
    found = metrics["labels"]["Pneumonia"]["pointing"]
    rows = [[name, _hits(value), figure(value)] for name, value in found.items() if name != "films"]
    return table(["who points (pneumonia)", "in a box", "share"], rows)


def _hits(value: Metrics) -> str:
    return f"{round(value['value'] * value['n'])} of {value['n']}"


def _with_n(value: Metrics | None) -> str:
    return "none" if value is None else f"{figure(value)}, {value['n']} films"


def figure(value: Metrics | None) -> str:
    """0.750 (0.700 to 0.800)."""
    if value is None:
        return "-"
    low, high = value["ci95"]
    return f"{value['value']:.3f} ({low:.3f} to {high:.3f})"


def table(heading: list[str], rows: list[list[str]]) -> str:
    """Markdown."""
    lines = [heading, ["---"] * len(heading), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
