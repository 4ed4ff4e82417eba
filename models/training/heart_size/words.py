"""What the manifest and the card say in words; both say it the same way."""

NAME = "Heart size on a PA chest radiograph"

INTENDED_USE = (
    "Second read of the size of the cardiac silhouette on upright posteroanterior (PA) chest "
    "radiographs of adults: outlines the heart and both lungs, draws the two horizontal diameters "
    "and gives the cardiothoracic ratio, for a physician to confirm or override."
)

NOT_FOR = (
    "AP, supine or bedside films: the heart is magnified and the ratio is not valid.",
    "Lateral films, and anything that is not a chest radiograph.",
    "Patients under 16 years.",
    "Diagnosis without a physician, triage, or ruling out heart disease: the ratio says how wide "
    "the silhouette is, not why.",
    "Measuring lungs: areas of the lung masks are not validated.",
)

WARNINGS = (
    "Research use only; not a medical device.",
    "Valid on PA films only. A heart or lung that is missed, in pieces or of impossible size is "
    "refused, not reported; a wrong outline of plausible size is not caught: look at the outline.",
    "A film that is stored mirrored is not always refused and then gets a wrong ratio.",
    "Kyphoscoliosis, pleural effusion, large masses, lobectomy and poor inspiration move the "
    "borders that the ratio is made of.",
)

EXPLANATION_NOTE = "Shows what the network took for heart and lungs, not where disease is."

DATA = "Wingspan half of cardiothoracic_ratio_estimation_dataset"
SOURCE = "https://github.com/eveningdong/cardiothoracic_ratio_estimation_dataset"
DATA_LICENCE = "MIT"
LABELS_BY = (
    "Masks of heart and lungs and a table of ratios published with the films; the repository does "
    "not say how many readers drew them"
)

TEST_LOOKS = (
    "The test films were read twice: after the second of three stages of training and after the "
    "third; the third was kept or dropped by the validation films alone."
)

ENCODER = "EfficientNet-Lite0 trained on ImageNet, weights by ML Illustrated, Apache-2.0"

GATE_METHOD = (
    "The larger of two distances on the deepest features of the encoder, pooled to 4 x 4 places: "
    "Mahalanobis distance and residual in 48 main directions of good films, and a linear head "
    "trained to tell films stored wrongly (mirrored, turned, inverted) and other images; 1 is the "
    "limit, fitted on good films alone"
)

CHANGELOG = (
    "1.1.0: an output that tells how far a film lies from the training films, and refusal above "
    "its limit; refusal of hearts on the patient's right, films upside down and inverted films; "
    "operating point screening; the trained weights and the probabilities are those of 1.0.0",
    "1.0.0: first release",
)

EXTERNAL = "NIH ChestX-ray14 subset, adult {view} films"

REFERENCES = (
    "Danzer CS. The cardiothoracic ratio: an index of cardiac enlargement. "
    "Am J Med Sci 1919;157:513-521.",
    "Ronneberger O, Fischer P, Brox T. U-Net: convolutional networks for biomedical image "
    "segmentation. MICCAI 2015.",
    "Tan M, Le QV. EfficientNet: rethinking model scaling for convolutional neural networks. "
    "ICML 2019.",
    "Wang X et al. ChestX-ray8: hospital-scale chest X-ray database and benchmarks. CVPR 2017.",
    f"Films and masks: {SOURCE}",
)
