"""Every number of the nodule recipe, each with its reason; nothing else decides anything."""

from dataclasses import dataclass

SEED = 20261122
"""Draws the weights and the augmentation; the split is by place in the list, not drawn."""

BLOCKS = 10
"""The list of candidates, ordered by scan, is cut into this many stretches of equal length."""

TEST_BLOCKS, VALIDATION_BLOCKS = (2, 7), (4,)
"""Two far apart for the test, so that it is not one stretch of scans alone."""

GUARD = 1300
"""Candidates left out on each side of a cut, two scans' worth, so that no scan is on both sides."""

CANDIDATES_PER_SCAN = 620
"""LUNA16: 551,065 candidates of 888 scans. Stretches this long are drawn in the bootstrap, in the
place of patients, whom the patches do not name."""

SAVED_PIXELS = 50
"""Rows and columns of the patches."""

PIXELS = 48
"""Rows and columns of the network's input, of the 50 there are; the rest is room to shift."""

LOW_HU, HIGH_HU = -1000.0, 400.0
"""Window in which the patches were saved; 0 and 1 of the network's input."""

MEAN, STD = 0.3, 0.3
"""Centre and spread of the patches, rounded."""

WIDTHS = (24, 48, 96, 128)
"""Channels at a resolution of 48, 24, 12 and 6."""

PRETRAINED_WIDTH = 112
"""Channels of EfficientNet-Lite0 after eleven blocks."""


@dataclass(frozen=True)
class Plan:
    """One member of the ensemble. kind : see network.KINDS. half : whether it learns in bfloat16."""

    kind: str
    epochs: int
    seed: int
    learning_rate: float = 3e-3
    weight_decay: float = 2e-2
    half: bool = True


MEMBERS = (
    Plan("small", 22, SEED),
    Plan("pretrained", 10, SEED + 2, 1e-3, half=False),
)
"""EfficientNet-Lite0's thin layers are slower in bfloat16 than in float32. A second small one, of 14
epochs (seed SEED + 1), was dropped: on the validation patches these two alone are as good."""

BATCH = 32

WARM_UP, EMA_DECAY, SMOOTHING = 0.15, 0.995, 0.02
"""Share of steps over which the rate rises; averaging of the weights; of the labels."""

MODEL_ID, VERSION = "org.secondread.chest_ct_nodule", "1.2.0"

VALUES = (
    {"what": {"en": "air"}, "low": -4096, "high": -900, "least": 0.05, "most": 0.9},
    {"what": {"en": "lung"}, "low": -950, "high": -500, "least": 0.03, "most": 0.6},
    {"what": {"en": "fat and soft tissue"}, "low": -200, "high": 120, "least": 0.12, "most": 0.85},
    {"what": {"en": "metal"}, "low": 1800, "high": 65535, "most": 0.02},
)
"""Shares of a chest CT's pixels, HU; the two whole series at hand have 0.40 to 0.55 of air, 0.09 to 0.16 of
lung, 0.29 to 0.36 of tissue. Wide on purpose: obese patients, small fields of view, emphysema."""

LUNG = {"least_ml": 500.0, "mean_hu": [-940.0, -600.0], "least_spread_hu": 30.0}
"""Of what was taken for lung; the two series have 1,020 ml (in 12 cm) and 2,657 ml, -827 and -781 HU, 72
and 144 HU between the quartiles. Gas in the bowel has -1000 HU, a hollow phantom is even."""

MIRRORINGS: tuple[tuple[int, ...], ...] = ((), (2, 3))
"""Axes of the patch mirrored in the graph, one run each: as it is, and turned by half."""

THRESHOLD_SPECIFICITY = {"second_read": 0.99, "screening": 0.95}
"""Of validation patches that are no nodule, the share that an operating point leaves alone."""

PATCH_SPACING_MM = 0.7
"""Patches were saved at the scans' own spacing, on average about this; it is not recorded."""

LARGEST_IN_PATCH_MM = 22.0
"""Larger lesions are shown at a smaller scale; the largest nodules of the patches are this wide."""

MAX_CANDIDATES, MAX_FINDINGS, SMALLEST_DIAMETER_MM = 250, 8, 4.0

OPERATIONS = (
    {"op": "window", "low": LOW_HU, "high": HIGH_HU},
    {"op": "resize", "rows": PIXELS, "columns": PIXELS, "aspect": "stretch"},
    {"op": "standardise", "mean": MEAN, "std": STD},
)
"""From HU of a patch to the network's input."""
