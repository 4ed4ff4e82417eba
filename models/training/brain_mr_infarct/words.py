"""What the manifest and the card say in words; both say it the same way."""

from models.training.common.package import Words

DATA = "FLAIR slices of StrokeOutcomeOptimizationProjectDemo (OpenNeuro ds004889)"
SOURCE = "https://github.com/neurolabusc/StrokeOutcomeOptimizationProjectDemo"
LABELS_BY = "Outline of the acute infarct published with the images"

GATE_METHOD = (
    "The larger of two distances on the deepest features of the encoder, averaged to 4 x 5 places: "
    "Mahalanobis distance and residual in 48 main directions of training slices, and a linear head "
    "trained to tell slices stored wrongly (turned, inverted), the same slices as T1 and T2 would show "
    "them, and other images; 1 is the limit, fitted on good slices alone. Before it, a slice must pass "
    "the check for a stripped brain of the right size"
)

GATE_SOURCES = {"slices": "test slices, each by itself"}

WORDS = Words(
    name="Acute infarct on FLAIR, ventricle level",
    intended_use=(
        "Research second read of axial FLAIR series of the brain at the level of the lateral "
        "ventricles: a head is first aligned to MNI space and stripped, or refused; slices stripped "
        "and aligned before are read as they are. Outlines what looks like an acute infarct, for a "
        "physician to confirm or override. Runs in shadow until a site has accepted it on its own series."
    ),
    not_for=(
        "Ruling out a stroke: many acute infarcts do not show on FLAIR, and diffusion imaging is "
        "what shows them.",
        "Telling acute from old infarcts, or from disease of white matter.",
        "Levels far from the lateral ventricles, the cerebellum and the brain stem: none was learned, "
        "none is read.",
    ),
    warnings=(
        "Research use only; not a medical device.",
        "Trained on one slice per patient, all of a single level, of one hospital.",
        "On series as the scanner makes them its answers were never measured: no such series with an "
        "outlined infarct was at hand. It therefore runs in shadow, unseen, until a site has accepted it.",
        "Of a series only a slab of 11 mm is read, two or three slices of 5 mm.",
        "Left and right come from the header alone; a mirrored head is not noticed.",
        "Of slices that were stripped before, size and stripping are checked, alignment is not.",
        "White matter disease of the elderly is often outlined as infarct.",
        "Its goals were missed: about half of the slices with an infarct are called at the default "
        "threshold, and small infarcts are often outlined badly or not at all; see the card.",
        "The score is no probability.",
    ),
    weights_licence="MIT; encoder initialised from EfficientNet-Lite0 trained on ImageNet, weights by "
    "ML Illustrated, Apache-2.0",
    data_licence="repository BSD-2-Clause; images CC0",
    references=(
        "Absher J et al. The Stroke Outcome Optimization Project: acute ischemic strokes from a "
        "comprehensive stroke center. Sci Data 2024;11:839.",
        "Ronneberger O, Fischer P, Brox T. U-Net: convolutional networks for biomedical image "
        "segmentation. MICCAI 2015.",
        "Tan M, Le QV. EfficientNet: rethinking model scaling for convolutional neural networks. "
        "ICML 2019.",
        f"Images: {SOURCE}",
    ),
    licence_note=(
        "The network was trained on images of OpenNeuro ds004889 (CC0), distributed at "
        f"{SOURCE} (BSD-2-Clause)."
    ),
    changelog=(
        "1.2.0: series as the scanner makes them are aligned to MNI space and stripped, or refused; runs "
        "in shadow by default; weights and outputs are those of 1.1.0",
        "1.1.0: an output that tells how far a slice lies from the training slices, and refusal above "
        "its limit; weights and the other outputs are those of 1.0.0",
    ),
)
