"""What the manifest and the card say in words; both say it the same way."""

from models.training.common.package import Words

DATA = "FLAIR slices of TCGA-LGG with outlines (Buda et al.)"
SOURCE = "https://github.com/TruongVanHien194276/Brain_Segmentation_data"
LABELS_BY = "Outline of the FLAIR abnormality, checked by a radiologist (Buda et al. 2019)"
LICENCE = "CC BY-NC-SA 4.0"

GATE_METHOD = (
    "The larger of two distances on the deepest features of the encoder, averaged to 4 x 4 places: "
    "Mahalanobis distance and residual in 48 main directions of training slices, and a linear head "
    "trained to tell slices stored wrongly (turned, inverted), the same slices as T1 and T2 would show "
    "them, stripped brains and other images; 1 is the limit, fitted on good slices alone. Of a series "
    "the median slice decides"
)

GATE_SOURCES = {
    "series": "test patients, all slices as one series",
    "slices": "slices of the test patients, each by itself",
}

WORDS = Words(
    name="Lower-grade glioma on FLAIR",
    intended_use=(
        "Second read of axial FLAIR series of adults in whom a glioma is known or suspected: "
        "outlines the FLAIR abnormality on each slice, with a box and the longest diameter on the "
        "largest slice, and the volume where the files state the spacing, for a physician to "
        "confirm or override."
    ),
    not_for=(
        "Ruling out a tumour: no healthy brain was ever shown to it.",
        "Metastases, meningiomas, tumours of the posterior fossa, children: none was learned.",
        "Telling a tumour from infarct, oedema, demyelination or treatment effects, which are "
        "bright on FLAIR as well.",
        "Measuring response to treatment: repeated measurements were not validated.",
        "Any commercial use: the data's licence forbids it.",
    ),
    warnings=(
        "Research use only; not a medical device. Non-commercial: CC BY-NC-SA 4.0.",
        "All patients of the data have a tumour; on brains without one the rate of false outlines "
        "is not known.",
        "On an institution that was left out of the training it does worse; see the card.",
        "The score is no probability.",
    ),
    weights_licence=f"{LICENCE}: the weights are made from data under that licence and carry it; "
    "encoder initialised from EfficientNet-Lite0 trained on ImageNet, weights by ML Illustrated, "
    "Apache-2.0",
    data_licence=LICENCE,
    changelog=(
        "1.1.0: an output that tells how far a slice lies from the training slices, and refusal of "
        "series whose median lies above its limit; weights and the other outputs are those of 1.0.0",
    ),
    references=(
        "Buda M, Saha A, Mazurowski MA. Association of genomic subtypes of lower-grade gliomas with "
        "shape features automatically extracted by a deep learning algorithm. Comput Biol Med "
        "2019;109:218-225. CC BY-NC-SA 4.0.",
        "Pedano N et al. The Cancer Genome Atlas Low Grade Glioma Collection (TCGA-LGG). The Cancer "
        "Imaging Archive 2016.",
        "Ronneberger O, Fischer P, Brox T. U-Net: convolutional networks for biomedical image "
        "segmentation. MICCAI 2015.",
        "Tan M, Le QV. EfficientNet: rethinking model scaling for convolutional neural networks. "
        "ICML 2019.",
        f"Images: {SOURCE}",
    ),
    licence_note=(
        "The licence above covers the code. The network's weights (model.onnx) were trained on "
        "images under Creative Commons Attribution-NonCommercial-ShareAlike 4.0 International "
        "(https://creativecommons.org/licenses/by-nc-sa/4.0/) and are distributed under that "
        "licence: attribute Buda et al. 2019 and TCGA-LGG, no commercial use, share alike."
    ),
)
