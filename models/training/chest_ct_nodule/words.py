"""What the manifest and the card say in words; both say it the same way."""

from models.training.common.package import Words

DATA = "LUNA16 candidate patches of the LungCancerDetection repository (LIDC-IDRI)"
SOURCE = "https://github.com/swethasubramanian/LungCancerDetection"
DATA_LICENCE = "patches MIT; pixels LIDC-IDRI CC BY 3.0"
LABELS_BY = "LUNA16: nodules of 3 mm or more marked by at least three of four radiologists"

GATE_METHOD = (
    "The larger of two distances on the last features of the first network, averaged over the patch: "
    "Mahalanobis distance and residual in 32 main directions of training patches, and a linear head "
    "trained to tell patches wrongly scaled or inverted, balls in even material and other images; 1 is "
    "the limit, fitted on good patches alone; of a series the median patch decides. Before it, the "
    "values of all pixels and of what was taken for lung must be those of a chest"
)

GATE_SOURCES = {
    "whole": "real chest CT series, as stored",
    "otherwise": "the same series, noisier, smoother, or with air stored otherwise",
    "parts": "parts of the same series: the upper half, and three quarters from the first quarter on",
    "patches": "patches of the test stretches, each by itself (patients: stretches)",
}

WORDS = Words(
    name="Lung nodules on chest CT",
    intended_use=(
        "Second read of chest CT series of adults: points out at most eight round or nodular "
        "places in the lungs, each with its slice, position in the patient, longest diameter on "
        "that slice and score, for a physician to confirm or override."
    ),
    not_for=(
        "Screening, triage, or ruling out nodules or cancer: what is not pointed out may be there.",
        "Ground-glass nodules without a solid part: they are not looked for.",
        "Lesions without aerated lung around most of them, such as collapse, consolidation, and "
        "masses of the hilum or mediastinum: they lie outside of the lung field that is searched.",
        "Measuring growth: the diameter comes from a grid of about 1.5 mm and was not validated.",
        "Children; gated, tilted or gapped series; slices thicker than 10 mm.",
    ),
    warnings=(
        "Research use only; not a medical device.",
        "The score was tested on patches that tell nodules from look-alikes. How many of a scan's "
        "nodules the whole chain finds was NOT measured on a labelled set: two series were looked at.",
        "The score is no probability: most patches of a scan show no nodule.",
        "Slices of 5 mm and more hide small nodules and make vessels look round.",
    ),
    weights_licence="MIT; please attribute LIDC-IDRI as its CC BY 3.0 licence asks; one member initialised "
    "from EfficientNet-Lite0 trained on ImageNet, weights by ML Illustrated, Apache-2.0",
    data_licence=DATA_LICENCE,
    references=(
        "Armato SG et al. The Lung Image Database Consortium (LIDC) and Image Database Resource "
        "Initiative (IDRI). Med Phys 2011;38:915-931. CC BY 3.0.",
        "Setio AAA et al. Validation, comparison, and combination of algorithms for automatic "
        "detection of pulmonary nodules in CT: the LUNA16 challenge. Med Image Anal 2017;42:1-13.",
        "He K et al. Deep residual learning for image recognition. CVPR 2016.",
        "Tan M, Le QV. EfficientNet: rethinking model scaling for convolutional neural networks. "
        "ICML 2019.",
        "Lowe DG. Distinctive image features from scale-invariant keypoints. IJCV 2004;60:91-110.",
        f"Patches: {SOURCE}",
    ),
    changelog=(
        "1.2.0: a network pretrained on ImageNet takes the place of one of the two of 1.1.0; scores and "
        "thresholds differ",
        "1.1.0: refusal of series whose values, lungs or features are not those of a chest CT; weights "
        "and scores are those of 1.0.0",
    ),
    licence_note=(
        "The network was trained on patches published under the MIT License by Swetha Subramanian "
        "(https://github.com/swethasubramanian/LungCancerDetection), cut from images of LIDC-IDRI "
        "(Armato et al., Med Phys 2011;38:915-931), Creative Commons Attribution 3.0."
    ),
)
