"""Only what the graph leaves open is asked; answers that contradict it are refused."""

import pytest
from bare_classifiers import answers, keras_like, torch_like

from viewer.base.errors import ModelError
from viewer.inference.importing.answers import answered, open_questions
from viewer.inference.importing.graph import Graph, examine
from viewer.inference.importing.metadata import from_metadata

METADATA = {
    "version": "0.2.1",
    "task": "Pneumonia on radiographs",
    "authors": "A hospital",
    "network_data_format": {
        "inputs": {
            "image": {
                "type": "image",
                "modality": "CR",
                "num_channels": 3,
                "spatial_shape": [64, 64],
                "value_range": [0, 1],
            }
        },
        "outputs": {"pred": {"channel_def": {"0": "normal", "1": "pneumonia", "2": "effusion"}}},
    },
}


@pytest.fixture
def graph() -> Graph:
    return examine(torch_like().SerializeToString())


def test_a_torch_export_is_asked_neither_size_nor_layout(graph: Graph) -> None:
    asked = open_questions(graph, {})
    assert asked == (
        "name",
        "labels",
        "modality",
        "body_part",
        "view",
        "normalisation",
        "threshold",
        "activation",
    )


def test_a_keras_export_that_ends_in_softmax_is_not_asked_for_it() -> None:
    assert "activation" not in open_questions(examine(keras_like().SerializeToString()), {})


def test_a_free_size_is_asked() -> None:
    graph = examine(torch_like(shape=("N", 3, "H", "W")).SerializeToString())
    assert "size" in open_questions(graph, {})
    assert answered(graph, answers(size=[96, 80])).size == (96, 80)


def test_what_nobody_answers_is_named(graph: Graph) -> None:
    given = answers()
    del given["normalisation"], given["threshold"]
    with pytest.raises(ModelError) as refusal:
        answered(graph, given)
    assert "normalisation" in str(refusal.value) and "threshold" in str(refusal.value)


def test_a_label_that_says_normal_is_never_proposed(graph: Graph) -> None:
    found = answered(graph, answers())
    assert [label.key for label in found.labels] == ["normal", "pneumonia", "effusion"]
    assert dict(found.thresholds) == {"pneumonia": 0.5, "effusion": 0.5}


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"size": [32, 32]}, "contradicts the network"),
        ({"layout": "NHWC"}, "contradicts the network"),
        ({"labels": ["Pneumonia"]}, "3 scores, but 1 labels"),
        ({"labels": ["Effusion", "effusion", "Normal"]}, "names that differ"),
        ({"labels": ["Normal", "Negative", "Healthy"]}, "at least one finding"),
        ({"threshold": 1.5}, "between 0 and 1"),
        ({"threshold": True}, "between 0 and 1"),
        ({"threshold": {"pneumonia": 0.5}}, "one for each of pneumonia, effusion"),
        ({"normalisation": "mean"}, "wanted: unit"),
        ({"modality": []}, "at least one"),
        ({"modalities": ["CR"]}, "Not known among the answers: modalities"),
    ],
)
def test_an_answer_that_cannot_be_is_refused(
    graph: Graph, more: dict[str, object], said: str
) -> None:
    with pytest.raises(ModelError) as refusal:
        answered(graph, answers(**more))
    assert said in str(refusal.value)


def test_softmax_of_a_single_score_is_refused() -> None:
    graph = examine(torch_like(labels=1).SerializeToString())
    with pytest.raises(ModelError, match="sigmoid for a single score"):
        answered(graph, answers(labels=["Pneumonia"]))


def test_imagenet_normalisation_of_a_grey_network_is_refused() -> None:
    graph = examine(torch_like(channels=1).SerializeToString())
    with pytest.raises(ModelError, match="one channel"):
        answered(graph, answers())


def test_monai_metadata_answers_what_it_says(graph: Graph) -> None:
    given = from_metadata(METADATA)
    left = open_questions(graph, given)
    assert left == ("body_part", "view", "threshold", "activation")
    more = {"body_part": [], "view": [], "threshold": 0.4, "activation": "sigmoid"}
    found = answered(graph, {**given, **more})
    assert (found.name, found.text("vendor"), found.normalisation) == (
        "Pneumonia on radiographs",
        "A hospital",
        "unit",
    )
    assert set(found.thresholds) == {"pneumonia", "effusion"}


def test_metadata_of_another_network_is_refused(graph: Graph) -> None:
    given = from_metadata(METADATA)
    given["channels"] = 1
    with pytest.raises(ModelError, match="channels = 1 contradicts"):
        answered(graph, {**answers(), **given})


def test_metadata_of_any_form_does_no_harm() -> None:
    assert from_metadata({"network_data_format": [1], "name": 3}) == {}
    assert from_metadata({"network_data_format": {"inputs": {"image": 7}, "outputs": None}}) == {}


def test_the_activation_the_network_ends_in_may_be_named_and_is_applied_once() -> None:
    graph = examine(torch_like(end="Softmax").SerializeToString())
    assert answered(graph, answers(activation="softmax")).activation == "none"


def test_another_activation_on_top_of_the_networks_own_is_refused_in_words() -> None:
    graph = examine(torch_like(end="Softmax").SerializeToString())
    with pytest.raises(ModelError, match="ends in a softmax itself"):
        answered(graph, answers(activation="sigmoid"))


def test_a_mistyped_snomed_code_of_a_label_is_refused(graph: Graph) -> None:
    code = {"value": "60046009", "scheme": "SCT", "meaning": "Pleural effusion"}
    labels = ["Normal", "Pneumonia", {"display": "Effusion", "code": code}]
    with pytest.raises(ModelError, match="check digit"):
        answered(graph, answers(labels=labels))
