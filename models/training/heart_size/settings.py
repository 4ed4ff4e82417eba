"""Every number of the heart size recipe, each with its reason; nothing else decides anything."""

SEED = 20261122
"""Splits the patients, draws the weights and the augmentation."""

TEST_PATIENTS, VALIDATION_PATIENTS = 40, 20
"""Of 204; enough for intervals on the test side, while 144 remain to learn from."""

SIZE = 256
"""Rows and columns of the tensor; one pixel is 0.4 % of the film, the edge is found between them."""

LABELS = ("heart", "right_lung", "left_lung")
"""Channels; right and left are the PATIENT's, so the right lung lies on the left of a PA film."""

MEAN, STD = 0.5, 0.25
"""Centre and spread of a percentile-scaled film, rounded."""

UNIT_OPERATIONS = (
    {"op": "invert_monochrome1"},
    {"op": "clip_percentiles", "low": 1.0, "high": 99.0},
    {"op": "scale_to_unit"},
)
"""The part of the preprocessing before resampling; augmentation acts between the two."""

OPERATIONS = (
    *UNIT_OPERATIONS,
    {"op": "resize", "rows": SIZE, "columns": SIZE, "aspect": "stretch"},
    {"op": "standardise", "mean": MEAN, "std": STD},
)
"""Stretch: the training films are squares made of oblong ones, and a ratio of two horizontal
widths survives horizontal stretching."""

WIDTHS = (16, 32, 64, 96, 128, 160)
"""Channels of the U-Net per level."""

BATCH, EPOCHS, LEARNING_RATE, WEIGHT_DECAY = 8, 100, 2e-3, 1e-4
EMA_DECAY = 0.995
"""Averaging over the last 200 steps or so; the average is what is tested and shipped."""

VALIDATE_EVERY = 5
"""Epochs."""
