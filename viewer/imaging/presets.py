"""Window presets of a modality, from resources/window_presets.toml."""

import tomllib
from dataclasses import dataclass, replace
from functools import cache

from viewer.base.i18n import _
from viewer.base.paths import resource
from viewer.domain.presentation import VoiLutFunction, VoiWindow


@dataclass(frozen=True)
class Preset:
    """A named window on a number key (1 to 9); `window` in the unit of the modality values.

    of_suv: in uptake by body weight instead, for PET that the file entitles to it.
    """

    key: int
    name: str
    window: VoiWindow
    of_suv: bool = False

    def on(self, factor: float) -> VoiWindow:
        """The window over modality values of which one unit is `factor` SUV."""
        window = self.window
        return replace(window, center=window.center / factor, width=window.width / factor)


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
                VoiWindow(
                    float(row["center"]),
                    float(row["width"]),
                    VoiLutFunction(row.get("function", "LINEAR")),
                    row["name"],
                ),
                row.get("unit") == "SUV",
            ),
        )
        for row in rows
    )


@cache
def presets(modality: str) -> tuple[Preset, ...]:
    """The presets of a modality in the order of their keys, names in the language the program began in."""
    found = (preset for of, preset in _table() if of == modality)
    named = (replace(preset, name=_(preset.name)) for preset in found)
    return tuple(sorted(named, key=lambda preset: preset.key))
