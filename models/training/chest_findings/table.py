"""The measured figures as a Markdown table, for the README of this folder."""

import json
from pathlib import Path
from typing import Any

from models.training.chest_findings.verdict import reasons_against

README = Path(__file__).with_name("README.md")
MARKS = ("<!-- measured -->", "<!-- end of measured -->")
COLUMNS = {
    "file size alone, unmatched": "size alone, all films",
    "AUROC, unmatched, trained unbalanced": "network, all films, trap not avoided",
    "AUROC, unmatched": "network, all films",
    "file size alone, matched": "size alone, matched",
    "age, sex and view, matched": "age, sex, view, matched",
    "AUROC, matched": "**network, matched**",
    "sensitivity": "sensitivity",
    "specificity": "specificity",
}
"""Figure: heading."""


def write(run: Path) -> None:
    """Put the run's metrics.json between the marks of the README."""
    metrics = json.loads((run / "metrics.json").read_text())
    text = README.read_text()
    before, after = text.split(MARKS[0])[0], text.split(MARKS[1])[1]
    README.write_text("\n".join([before + MARKS[0], *_lines(metrics), MARKS[1] + after]))


def _lines(metrics: dict[str, Any]) -> list[str]:
    labels = metrics["labels"]
    shown = ["finding", "films with it", "matched pairs", *COLUMNS.values()]
    others = [
        "finding",
        "AP, matched",
        "PA, matched",
        "calibration error",
        "pointing",
        "not shipped",
    ]
    return [
        f"\n{metrics['films']} films of {metrics['patients']} adults.\n",
        *_table(shown, [_row(name, found) for name, found in labels.items()]),
        "",
        *_table(others, [_more(name, found) for name, found in labels.items()]),
        "",
    ]


def _table(heading: list[str], rows: list[list[str]]) -> list[str]:
    return [_line(heading), _line(["---"] * len(heading)), *map(_line, rows)]


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _row(name: str, found: dict[str, Any]) -> list[str]:
    figures = [_figure(found[key]) for key in COLUMNS]
    return [name, str(found["films with it"]), str(found["pairs"]), *figures]


def _more(name: str, found: dict[str, Any]) -> list[str]:
    views = [_figure(found["by view, matched"][view]) for view in ("AP", "PA")]
    error = f"{found['calibration error, matched']:.3f}"
    return [name, *views, error, _pointing(found["pointing"]), "; ".join(reasons_against(found))]


def _pointing(found: dict[str, int]) -> str:
    right, left = (found[f"hits of the {side} lung's centre"] for side in ("right", "left"))
    hits, films = found["hits"], found["films"]
    return f"{hits} of {films}; centres of the lungs {right} and {left}" if films else "no boxes"


def _figure(figure: dict[str, Any]) -> str:
    low, high = figure["ci95"]
    return f"{figure['value']:.3f} ({low:.3f} to {high:.3f})"
