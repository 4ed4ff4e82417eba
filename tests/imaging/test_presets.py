"""Window presets are known by name and key; radiographs have none, for they have no absolute scale."""

import pytest

from viewer.imaging.presets import presets


def test_ct_has_the_windows_of_a_reading_room() -> None:
    windows = {preset.name: (preset.window.center, preset.window.width) for preset in presets("CT")}
    assert windows["Lung"] == (-600, 1500)
    assert windows["Mediastinum"] == (40, 350)
    assert windows["Brain"] == (40, 80)


def test_every_preset_has_a_number_key_of_its_own() -> None:
    keys = [preset.key for preset in presets("CT")]
    assert keys == sorted(set(keys))
    assert all(1 <= key <= 9 for key in keys)


@pytest.mark.parametrize("modality", ["CR", "DX", "MR", ""])
def test_a_modality_without_absolute_scale_has_no_presets(modality) -> None:
    assert presets(modality) == ()
