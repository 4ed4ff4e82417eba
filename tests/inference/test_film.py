"""A frame becomes a network's input; what is no image is refused."""

from dataclasses import replace

import numpy as np
import pytest
from phantom_films import film

from viewer.base.errors import InferenceError
from viewer.domain.image import Photometric
from viewer.domain.presentation import Rescale
from viewer.inference.film import prepare_film
from viewer.inference.model_package import ModelPackage


def test_both_polarities_give_the_same_tensor(package: ModelPackage) -> None:
    light = prepare_film(film(photometric=Photometric.MONOCHROME2), package.manifest.input)
    dark = prepare_film(film(photometric=Photometric.MONOCHROME1), package.manifest.input)
    np.testing.assert_allclose(light.tensor, dark.tensor, atol=1e-6)
    assert light.tensor.max() == pytest.approx(1.0)


def test_a_falling_modality_slope_turns_the_grey_scale(package: ModelPackage) -> None:
    frame = film(photometric=Photometric.MONOCHROME1)
    falling = replace(
        frame, photometric=Photometric.MONOCHROME2, modality=Rescale(slope=-1.0, intercept=1000.0)
    )
    expected = prepare_film(film(), package.manifest.input).tensor
    found = prepare_film(falling, package.manifest.input).tensor
    np.testing.assert_allclose(found, expected, atol=1e-6)


@pytest.mark.parametrize("photometric", [Photometric.MONOCHROME1, Photometric.MONOCHROME2])
def test_padding_is_background_and_moves_no_grey_value(
    package: ModelPackage, photometric: Photometric
) -> None:
    clean = film(photometric=photometric)
    stored = clean.stored.copy()
    stored[:10] = 60000
    padded = replace(clean, stored=stored, bits_stored=16, padding=(60000.0, 60000.0))
    found = prepare_film(padded, package.manifest.input).tensor
    np.testing.assert_allclose(found, prepare_film(clean, package.manifest.input).tensor, atol=1e-6)


def test_nothing_but_padding_is_refused(package: ModelPackage) -> None:
    frame = replace(film(), padding=(0.0, 1000.0))
    with pytest.raises(InferenceError, match="nothing but padding"):
        prepare_film(frame, package.manifest.input)


def test_colour_is_refused(package: ModelPackage) -> None:
    frame = replace(film(), stored=np.zeros((8, 8, 3), np.uint8), photometric=Photometric.RGB)
    with pytest.raises(InferenceError, match="colour"):
        prepare_film(frame, package.manifest.input)


def test_values_that_are_no_numbers_are_refused(package: ModelPackage) -> None:
    stored = film().stored.astype(np.float32)
    stored[3, 4] = np.nan
    with pytest.raises(InferenceError, match="no numbers"):
        prepare_film(replace(film(), stored=stored), package.manifest.input)


def test_an_inverse_presentation_shape_turns_the_grey_scale_as_on_the_screen(
    package: ModelPackage,
) -> None:
    dark = film(photometric=Photometric.MONOCHROME1)
    inverse = replace(dark, photometric=Photometric.MONOCHROME2, presentation_inverse=True)
    expected = prepare_film(film(), package.manifest.input).tensor
    np.testing.assert_allclose(
        prepare_film(inverse, package.manifest.input).tensor, expected, atol=1e-6
    )
