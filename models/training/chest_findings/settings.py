"""Every number of the chest findings recipe, each with its reason; nothing else decides anything."""

SEED = 20261122
"""Deals the patients into folds."""

LABELS = ("Pneumonia", "Edema", "Atelectasis", "Effusion", "Infiltration", "Consolidation")
"""As labels.csv writes them; read from reports by a program (Wang et al., CVPR 2017)."""

NO_FINDING = "No Finding"
"""The label of the films that were picked by file size."""

SIZE = 320
"""Rows and columns of the tensor; the films are 448."""

OPERATIONS: tuple[dict[str, object], ...] = (
    {"op": "invert_monochrome1"},
    {"op": "clip_percentiles", "low": 1.0, "high": 99.0},
    {"op": "scale_to_unit"},
    {"op": "resize", "rows": SIZE, "columns": SIZE, "aspect": "stretch"},
    {"op": "standardise", "mean": 0.45, "std": 0.225},
)
"""Grey for each of the three colours, at the mean and spread of ImageNet's."""

MIN_AGE_YEARS = 16
"""Adults: pneumonia of small children looks otherwise, and the set has few of them."""

CALIPER_BYTES = 1500
"""Files closer than this count as equally large; their spread within a view is about 12,000."""

STRATUM_BYTES = 4000
"""Width of the classes of file size inside which training balances films with and without."""

FOLDS, INNER_FOLDS = 5, 4
"""By patient: outer ones to test, inner ones to choose the penalty and the threshold."""

PENALTIES = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03)
"""Inverse strength (C) of the logistic regression; chosen on inner folds alone."""

SPECIFICITY = 0.85
"""Aimed at by the threshold, on the inner folds: a second reader should seldom call in vain."""

SHIP_ABOVE = 0.60
"""Lowest end of the 95 % interval of the matched AUROC with which a label may be shipped,
for both views together and for each."""

FEWEST_BOXES = 20
"""Films with a reader's box; with fewer a map counts as untested."""

THREADS = 2
"""Processors used."""
