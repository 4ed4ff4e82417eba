"""Encoded CIELab to sRGB: white, black and greys without a tint, primaries as colour management has them."""

import pytest

from viewer.imaging.cielab import rgb_of_cielab


def encoded(lightness: float, a: float, b: float) -> tuple[int, int, int]:
    return (
        round(lightness / 100 * 65535),
        round((a + 128) / 255 * 65535),
        round((b + 128) / 255 * 65535),
    )


@pytest.mark.parametrize("lightness", [0, 20, 53.585, 80, 100])
def test_grey_has_no_tint(lightness: float) -> None:
    red, green, blue = rgb_of_cielab(encoded(lightness, 0, 0))
    assert max(red, green, blue) - min(red, green, blue) <= 1


def test_black_and_white_are_the_ends() -> None:
    assert rgb_of_cielab(encoded(0, 0, 0)) == (0, 0, 0)
    assert min(rgb_of_cielab(encoded(100, 0, 0))) >= 254


@pytest.mark.parametrize(
    ("lab", "rgb"),
    [
        ((54.29, 80.81, 69.89), (255, 0, 0)),
        ((87.82, -79.29, 80.99), (0, 255, 0)),
        ((29.57, 68.30, -112.03), (0, 0, 255)),
    ],
)
def test_the_srgb_primaries_at_d50_are_themselves(
    lab: tuple[float, float, float], rgb: tuple[int, int, int]
) -> None:
    found = rgb_of_cielab(encoded(*lab))
    assert max(abs(one - other) for one, other in zip(found, rgb, strict=True)) <= 4
