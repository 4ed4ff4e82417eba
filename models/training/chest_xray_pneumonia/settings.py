"""Every number of the recipe, each with its reason; nothing else decides anything."""

SIZE = 448
"""Rows and columns of the tensor, as the films are."""

GRID = SIZE // 32
"""Rows and columns of the backbone's maps."""

SMALL = 320
"""Rows and columns of the film made smaller: coarser features of the whole."""

LUNG = 0.5
"""Probability above which a place counts as lung when the crop is made."""

OUTER = 0.005
"""Share of the lungs' area left out at each edge, so that a stray pixel does not move the crop."""

MARGINS = (0.05, 0.05, 0.08)
"""Of the lungs' width to both sides, of their height above and below (costophrenic angles)."""

SMALLEST = 0.2
"""Width and height, as shares of the film, below which what was found is no pair of lungs."""

GROWN = 17
"""Pixels of 256 by which the lungs are dilated (odd): effusion and consolidation hide their edge."""

LEAST = 0.001
"""How much places outside the lungs count, against 1 inside."""

MAP = 2 * GRID
"""Rows and columns of the class activation maps, on the whole film."""

VIEWS = ("crop", "small", "organs")
"""What features are averaged of: the lungs' crop and the film made smaller, as a network trained on
photographs sees them, and the film as the encoder of the heart size network sees it."""

REGIONS = ("upper", "lower")
"""Halves of the lungs by area; each finding has a weight for every channel of each view in each."""

BORDER = 0.2
"""Share of the lungs' area over which the upper half passes into the lower."""

TAPS = {"middle": "add_2", "deep": "add_5"}
"""Inputs of the reader: tensors of the heart size network, 80 and 112 channels at a 16th of the film."""

MEAN, STD = 0.45, 0.225
"""Grey for each of the three colours, at the mean and spread of ImageNet's."""

OPERATIONS: tuple[dict[str, object], ...] = (
    {"op": "invert_monochrome1"},
    {"op": "clip_percentiles", "low": 1.0, "high": 99.0},
    {"op": "scale_to_unit"},
    {"op": "resize", "rows": SIZE, "columns": SIZE, "aspect": "stretch"},
    {"op": "standardise", "mean": MEAN, "std": STD},
)
"""The heart size network's own up to the size, so that it finds the lungs as it does in its package."""

SEED = 20261122
"""Deals the patients into folds."""

FOLDS, INNER_FOLDS = 5, 4
"""By patient: outer ones to test, inner ones to choose penalty, scale and thresholds."""

PENALTIES = (0.5, 1.5, 5.0, 15.0)
"""Of the squared weights, for features of unit length on average; chosen on inner folds alone."""

FLOOR = 0.05
"""Least spread of a feature, as share of the mean spread: what never varies must not rule."""

SIZE_MEAN, SIZE_STD = 360_000.0, 25_000.0
"""Of the files' bytes, about; brings them near 1."""

SIZE_KNOTS = (-0.8, -0.3, 0.2, 0.7)
"""Where the curve of file size may bend."""

EVEN = 1.0
"""How much all films count in training beside those that could be matched, on average."""

SPECIFICITY, SENSITIVITY = 0.90, 0.90
"""Aimed at by second_read and by screening, on inner folds."""

MODEL_ID, VERSION = "org.secondread.chest_xray_pneumonia", "1.1.0"

BOXES = 0.03
"""Weight of all boxes together, as share of that of all films. Of 0, 0.03, 0.1, 0.3, 1 and 3 this one orders
films best on the inner folds (0.810, 0.816, 0.816, 0.808, 0.797, 0.789); the maps of unseen films point into
a box on 12, 13, 13, 13, 14 and 14 of 35."""

BLUR = 1.5
"""Standard deviation, in places of the map, by which a map is smoothed; it keeps its mean."""

INSIDE = 0.1
"""Share of a film's strongest place below which a place counts as outside the lungs."""

LABELS = ("Pneumonia", "Edema", "Atelectasis", "Effusion", "Infiltration", "Consolidation")
"""As labels.csv writes them; read from reports by a program (Wang et al., CVPR 2017)."""

NO_FINDING = "No Finding"

CHANCE = 0.5
"""A finding whose matched AUROC's interval reaches down to this is left out of the package."""

BINS = 10
"""Of the calibration error."""

MAP_SHARES, MAP_EVERY = (60.0, 99.5), 12
"""Percentiles of the maps that are shown as 0 and as 1, over every so many films."""

COMPARED = (
    "about ninety variants of features, views, halves of the lungs and weights of the boxes were tried "
    "over both versions, the last ones by the mean of the inner folds, in which every film has its turn, "
    "and their figures on the outer folds were seen as well: no film stayed out of that choice, so the "
    "figures below are likely a little too good. Of the sixty variants with the middle of the backbone or "
    "the halves of the lungs, the matched AUROC of pneumonia lay between 0.73 and 0.83"
)
"""For the card."""
