"""Every number of the infarct recipe, each with its reason; nothing else decides anything."""

from typing import Any

from models.training.common.gate import Tap
from models.training.common.slice_training import Plan

SEED = 20261122
"""Splits the patients, draws the weights and the augmentation."""

TEST_PATIENTS, VALIDATION_PATIENTS = 240, 80
"""Of 1,172; one slice each."""

ROWS, COLUMNS = 192, 160
"""Tensor, at the training images' own 1 mm; the brain of MNI space fits with room to spare."""

SPACING_MM = 1.0
"""Of the training images; they are cut from a volume in MNI space and name no spacing."""

MEAN, STD = 0.3, 0.3
"""Centre and spread of a prepared slice, background included, rounded."""

UNIT_OPERATIONS = (
    {"op": "resample", "spacing_mm": SPACING_MM},
    {"op": "clip_percentiles", "low": 0.0, "high": 99.8},
    {"op": "scale_to_unit"},
    {"op": "centre_on_foreground", "rows": ROWS, "columns": COLUMNS},
)
"""The part of the preprocessing before `standardise`; augmentation acts between the two."""

OPERATIONS = (*UNIT_OPERATIONS, {"op": "standardise", "mean": MEAN, "std": STD})

PLANS = (
    Plan("learn", SEED, epochs=10, horizon=24, learning_rate=1e-3, mean=MEAN, std=STD),
    Plan("settle", SEED + 1, epochs=7, horizon=7, learning_rate=7e-4, mean=MEAN, std=STD),
    Plan("compare", SEED + 2, 2, horizon=8, learning_rate=1e-3, mean=MEAN, std=STD, mirrored=True),
    Plan("finish", SEED + 3, 4, horizon=4, learning_rate=6e-4, mean=MEAN, std=STD, mirrored=True),
)
"""Time was short on two shared processors: the rate falls to nothing in 7 epochs from where it was.
Then the network also sees the other half of the brain, mirrored: disease of white matter is on both
sides, an infarct seldom."""

GATE_TAP = Tap("add_580", pooled=(3, 2))
"""Where the gate looks: end of the encoder, 112 channels at a sixteenth of the slice, averaged to 4 x 5
places."""

MODEL_ID, VERSION = "org.secondread.brain_mr_infarct", "1.2.0"

MASK_THRESHOLD = 0.5
"""Probability from which a pixel belongs to the infarct; not tuned."""

HEAD_COUNTS = False
"""The map alone ranks the validation slices better than together with the slice head."""

THRESHOLD_SPECIFICITY = {"second_read": 0.95, "screening": 0.8}
"""Of validation slices without an infarct, the share that an operating point leaves alone."""

SMALLEST_SHARE = 0.0007
"""Of the tensor's area, 21 of its 1 mm pixels: smaller outlines were wrong more often than right."""

MAX_FINDINGS = 8

BRAIN_WIDTH_MM, BRAIN_LENGTH_MM = (115, 165), (150, 205)
"""Of the training slices' brains, 130 to 156 and 153 to 188 mm, with a margin."""

BRAIN_SPACE: dict[str, Any] = {
    "template": "mni152_head_2mm",
    "levels_mm": [12, 22],
    "least_similarity": 1.1,
    "least_lead": 0.01,
    "most_spread_mm": 3.0,
    "scale": [0.78, 1.2],
    "most_turn_deg": 30,
    "brain_ml": [900, 2000],
    "least_covered": 0.9,
    "most_white_to_grey": 1.14,
    "most_fluid_to_grey": 0.85,
    "caution": "The model was never measured on series as the scanner makes them: its sensitivity and "
    "specificity are those on slices that others had stripped and aligned.",
}
"""How a head as the scanner makes it is brought to the training images' space, and when it is refused.
The mean of all training images fits the level 17 mm best (correlation 0.980; 0.977 at 15, 0.978 at 19),
at scale 0.99 to 1.00: 5 mm to each side are what the people's own differences leave open. The first
limits leave room below what heads that came out right had, see the card. White over grey matter: of 1,172
training slices 1 in 100 have more than 1.14, three T1
heads 1.16, 1.16 and 1.21 after alignment, so that the limit is where it is; fluid over grey matter: 1 in 100
have more than 0.67."""
