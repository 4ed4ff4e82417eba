"""Window presets of a modality, from resources/window_presets.toml."""

import tomllib
from dataclasses import dataclass
from functools import cache

from viewer.base.i18n import _
from viewer.base.paths import resource
from viewer.domain.presentation import VoiWindow


@dataclass(frozen=True)
class Preset:
    """A named window on a number key (1 to 9); `window` in the unit of the modality values."""

    key: int
    name: str
    window: VoiWindow


@cache
def _table() -> tuple[tuple[str, Preset], ...]:
    with resource("window_presets.toml").open("rb") as file:
        rows = tomllib.load(file)["preset"]
    return tuple(
        (
            row["modality"],
            Preset(
                row["key"],
                row["name"],
                VoiWindow(float(row["center"]), float(row["width"]), explanation=row["name"]),
            ),
        )
        for row in rows
    )


def presets(modality: str) -> tuple[Preset, ...]:
    """The presets of a modality in the order of their keys, names in the reader's language."""
    found = (preset for of, preset in _table() if of == modality)
    named = (Preset(preset.key, _(preset.name), preset.window) for preset in found)
    return tuple(sorted(named, key=lambda preset: preset.key))
