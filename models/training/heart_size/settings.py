"""Every number of the heart size recipe, each with its reason; nothing else decides anything."""

from dataclasses import dataclass

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


def operations(size: int) -> tuple[dict[str, object], ...]:
    """From modality values to a tensor of size x size.

    Stretched: the training films are squares without padding, and a ratio of two horizontal widths
    survives stretching.
    """
    return (
        *UNIT_OPERATIONS,
        {"op": "resize", "rows": size, "columns": size, "aspect": "stretch"},
        {"op": "standardise", "mean": MEAN, "std": STD},
    )


OPERATIONS = operations(SIZE)


@dataclass(frozen=True)
class Stage:
    """A part of the training.

    size : rows and columns of the tensor
    epochs : after which it ends
    horizon : epochs over which its learning rate would fall to nothing
    learning_rate : the highest
    strength : of the augmentation, 1 is all of it
    """

    name: str
    size: int
    epochs: int
    horizon: int
    learning_rate: float
    strength: float


STAGES = (
    Stage("learn", SIZE, epochs=65, horizon=110, learning_rate=1e-3, strength=1.0),
    Stage("settle", SIZE, epochs=16, horizon=16, learning_rate=4e-4, strength=1.0),
    Stage("polish", SIZE, epochs=12, horizon=12, learning_rate=3e-4, strength=0.4),
)
"""The validation films gained nothing more between 40 and 65 epochs, and time was short: there the
rate falls from where it is to nothing in 16. At last the films look more like films."""

BATCH, WEIGHT_DECAY, WARM_UP = 8, 1e-4, 0.05
"""Films per step; of AdamW; share of the steps over which the learning rate rises."""

EMA_DECAY = 0.995
"""Averaging over the last 200 steps or so; the average is what is tested and shipped."""

VALIDATE_EVERY = 5
"""Epochs."""

OPSET = 18
"""Of ONNX; the exporter's own, so that nothing is converted down."""

MODEL_ID, VERSION, RELEASE_DATE = "org.secondread.chest_xray_heart_size", "1.1.0", "2026-11-22"

MASK_THRESHOLD = 0.5
"""Probability from which a pixel belongs to an organ; not tuned."""

RATIO_THRESHOLD = 0.50
"""Above it a heart is called enlarged on a PA film (Danzer 1919); not tuned."""

SCREENING_THRESHOLD = 0.46
"""Of the second operating point: the low end of what the card calls undecided; not tuned."""

LEAST_HEART_OFFSET = -0.03
"""Of the heart's centre to the patient's left of the middle of the chest, as share of its width: the
training films lie at 0.08 (median), 1 % of them below 0.005, of another hospital's below -0.05."""

PLAUSIBLE_RATIO = (0.30, 0.85)
"""The training films lie between 0.35 and 0.78."""

AREA_MARGIN = (2.5, 1.75)
"""Organs may be this many times smaller or larger than the extremes of the training masks."""

LARGEST_COMPONENT_SHARE = 0.8
"""A mask with more than a fifth of its pixels elsewhere is no organ."""

MIN_AGE_YEARS = 16
"""The training films are of adults; the thymus of a child widens the silhouette."""

TOLERANCE = 1e-3
"""Largest difference of a probability from the golden one; other processors round otherwise."""

THREADS = 2
"""Processors used; more only make it quicker."""

MIN_ONNXRUNTIME = "1.18"
"""The first that reads intermediate representation 10, which the exporter writes."""
