"""A measured gate in words, alike for all recipes: sentences for the manifest, tables for the card."""

from collections.abc import Iterator, Mapping
from typing import Any

Measured = dict[str, Any]
"""`passed` and `refused`, by source and by kind, as a recipe's gate_measure writes them."""


def sentences(gate: Measured, sources: Mapping[str, str]) -> Iterator[str]:
    """One for each line of the tables. sources : what the names of those that must pass stand for."""
    if not gate:
        yield "not measured"
        return
    for name, found in gate["passed"].items():
        low, high = found["ci95"]
        yield (
            f"passed {found['value']:.3f} ({low:.3f} to {high:.3f}) of {found['n']} {sources[name]}"
        )
    for kind, found in gate["refused"].items():
        yield f"refused {found['refused']} of {found['n']}: {kind}"


def tables(gate: Measured, sources: Mapping[str, str], unit: str) -> list[str]:
    """What must pass, and what must be refused. unit : what is counted, such as "films"."""
    return [
        f"| must pass | {unit} (patients) | passed | 95 % interval |",
        "|---|---|---|---|",
        *(_passed_row(sources[name], found) for name, found in gate["passed"].items()),
        f"\n| must be refused | {unit} | refused |",
        "|---|---|---|",
        *(f"| {kind} | {one['n']} | {one['refused']} |" for kind, one in gate["refused"].items()),
    ]


def _passed_row(source: str, found: Measured) -> str:
    low, high = found["ci95"]
    counted = f"{found['n']} ({found['patients']})"
    return f"| {source} | {counted} | {found['value']:.3f} | {low:.3f} to {high:.3f} |"


def for_card(gate: Measured, sources: Mapping[str, str], unit: str) -> str:
    """The tables as text, or that nothing was measured."""
    return "\n".join(tables(gate, sources, unit)) if gate else "Not measured."
