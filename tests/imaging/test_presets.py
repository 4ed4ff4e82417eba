"""Window presets are known by name and key; radiographs have none, for they have no absolute scale."""

import pytest

from viewer.domain.presentation import VoiLutFunction
from viewer.imaging.presets import presets


def test_ct_has_the_windows_of_a_reading_room() -> None:
    windows = {preset.name: (preset.window.center, preset.window.width) for preset in presets("CT")}
    assert windows["Lung"] == (-600, 1500)
    assert windows["Mediastinum"] == (40, 350)
    assert windows["Brain"] == (40, 80)
    assert set(windows) >= {"Bone", "Stroke", "Subdural", "Abdomen", "Liver"}


@pytest.mark.parametrize("modality", ["CT", "PT"])
def test_every_preset_has_a_number_key_of_its_own(modality: str) -> None:
    keys = [preset.key for preset in presets(modality)]
    assert keys == sorted(set(keys))
    assert all(1 <= key <= 9 for key in keys)


@pytest.mark.parametrize("modality", ["CR", "DX", "MR", "US", ""])
def test_a_modality_without_absolute_scale_has_no_presets(modality) -> None:
    assert presets(modality) == ()


def test_pet_has_windows_of_uptake_that_become_windows_of_the_files_values() -> None:
    half = next(preset for preset in presets("PT") if preset.name == "SUV 0 to 5")
    assert half.of_suv
    window = half.on(0.0002)
    assert (window.center - window.width / 2, window.center + window.width / 2) == (0, 25_000)
    assert window.function is VoiLutFunction.LINEAR_EXACT
