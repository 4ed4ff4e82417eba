"""Every number of the tumour recipe, each with its reason; nothing else decides anything."""

from models.training.common.gate import Tap
from models.training.common.slice_training import Plan

SEED = 20261122
"""Splits the patients, draws the weights and the augmentation."""

TEST_SHARE, VALIDATION_SHARE = 0.25, 0.1
"""Of the patients of each institution, so that every institution is in every part."""

SIZE = 128
"""Rows and columns of the tensor; a tumour's edge is softer than one of its pixels."""

MEAN, STD = 0.2, 0.25
"""Centre and spread of a prepared slice, background included, rounded."""

UNIT_OPERATIONS = (
    {"op": "clip_percentiles", "low": 1.0, "high": 99.5},
    {"op": "scale_to_unit"},
    {"op": "square_pixels"},
    {"op": "resize", "rows": SIZE, "columns": SIZE, "aspect": "pad"},
)
"""The part of the preprocessing before `standardise`; augmentation acts between the two."""

OPERATIONS = (*UNIT_OPERATIONS, {"op": "standardise", "mean": MEAN, "std": STD})

PLANS = (Plan("learn", SEED, epochs=9, horizon=9, learning_rate=1e-3, mean=MEAN, std=STD),)
"""Short enough for an hour on one of two shared processors."""

LEFT_OUT_PLANS = (Plan("short", SEED, epochs=1, horizon=1, learning_rate=1e-3, mean=MEAN, std=STD),)
"""Of the networks that leave an institution out: far less training, so lower bounds."""

LEFT_OUT_STRIDE = 2
"""Only every second slice of the other institutions is trained on, for want of time."""

GATE_TAP = Tap("add_570", pooled=(2, 2))
"""Where the gate looks: end of the encoder, 112 channels at a sixteenth of the slice, averaged to 4 x 4
places."""

MODEL_ID, VERSION = "org.secondread.brain_mr_tumour", "1.1.0"

MASK_THRESHOLD = 0.5
"""Probability from which a pixel belongs to the tumour; not tuned."""

HEAD_COUNTS = True
"""Map and slice head together rank the validation slices best."""

THRESHOLD_SPECIFICITY = {"second_read": 0.95, "screening": 0.8}
"""Of validation slices without a tumour, the share that an operating point leaves alone."""

SMALLEST_SHARE = 0.0012
"""Of the tensor's area, 20 of its pixels."""

MAX_FINDINGS = 8
