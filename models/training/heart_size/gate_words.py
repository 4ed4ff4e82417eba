"""The gate in words: a section of the card, and sentences for the manifest; figures from gate.json."""

from collections.abc import Iterator
from typing import Any

from models.training.heart_size import words

Metrics = dict[str, Any]
SOURCES = {
    "demo": "the demo film of pydicom (RG1)",
    "heart": "unseen films of the training source",
    "nih": "adult PA films of another hospital (NIH), of patients the gate was not fitted on",
}


def measured(gate: Metrics) -> Iterator[str]:
    """One sentence each, for the manifest."""
    if not gate:
        yield "not measured"
        return
    for name, found in gate["passed"].items():
        low, high = found["ci95"]
        yield (
            f"passed {found['value']:.3f} ({low:.3f} to {high:.3f}) of {found['n']} {SOURCES[name]}"
        )
    for kind, found in gate["refused"].items():
        yield f"refused {found['refused']} of {found['n']}: {kind}"


def section(gate: Metrics) -> list[str]:
    """Of the card."""
    if not gate:
        return ["\n## What is no such film: the gate\n", "Not measured."]
    return [
        "\n## What is no such film: the gate\n",
        f"{words.GATE_METHOD}. It is part of the graph; above the limit the film is refused, not "
        "warned about. Fitted on the 144 training films and on half of the patients of the NIH "
        "subset (adult PA and AP films), each also stored otherwise and slightly moved; its head "
        "saw those films stored wrongly, small parts of films, brain MR, CT crops, photographs, "
        "noise and drawn screens. No test film and none of the named test files was used.\n",
        "Measured through the viewer's own path (header, pixels, gate, outlines), every picture "
        "under a header that says PA film of the chest of an adult of 50 years.\n",
        "| must pass | films (patients) | passed | 95 % interval |",
        "|---|---|---|---|",
        *(_passed_row(name, found) for name, found in gate["passed"].items()),
        "\n| must be refused | images | refused |",
        "|---|---|---|",
        *(f"| {kind} | {one['n']} | {one['refused']} |" for kind, one in gate["refused"].items()),
        "\nNo real lateral film of a person, mammogram or hand was at hand: the lateral and frontal "
        "views are sums through CT volumes, the mammogram and the hand are drawn; a real lateral "
        "film of a dog's chest, a lower leg and two skull-like projections stand beside them. A "
        "mirrored film is the hardest: the misses above get a wrong ratio.",
    ]


def _passed_row(name: str, found: Metrics) -> str:
    low, high = found["ci95"]
    films = f"{found['n']} ({found['patients']})"
    return f"| {SOURCES[name]} | {films} | {found['value']:.3f} | {low:.3f} to {high:.3f} |"
