"""The gate in words: a section of the card, and sentences for the manifest; figures from gate.json."""

from collections.abc import Iterator
from typing import Any

from models.training.common import gate_words
from models.training.heart_size import words

Metrics = dict[str, Any]
SOURCES = {
    "demo": "the demo film of pydicom (RG1)",
    "heart": "unseen films of the training source",
    "nih": "adult PA films of another hospital (NIH), of patients the gate was not fitted on",
}


FRESH_SOURCES = {
    "validation": "validation films of the training source",
    "nih AP": "adult AP films of another hospital (NIH) under a header that says PA, of patients the "
    "gate was not fitted on",
}


def measured(gate: Metrics, fresh: Metrics) -> Iterator[str]:
    """One sentence each, for the manifest."""
    for sentence in gate_words.sentences(gate, SOURCES):
        yield f"seen while choosing: {sentence}"
    for sentence in gate_words.sentences(fresh, FRESH_SOURCES):
        yield f"not seen while choosing: {sentence}"


def _fresh(fresh: Metrics) -> list[str]:
    """Of the card: the same on images that nobody had looked at."""
    if not fresh:
        return ["\nNot measured again on images that were not seen while the gate was chosen."]
    return [
        "\nMeasured once more, on images that were not looked at until gate and limit stood: the "
        "validation films, the NIH patients' AP films, others of their PA films stored wrongly, other "
        "photographs, brains and CT crops. The NIH patients are the same as above. These are the figures "
        "to go by; a PA film of a third hospital was not at hand. AP films are outside of the intended "
        "use and are refused by their header; that they pass here says that a sick patient's bedside "
        "film is still a chest to the gate.\n",
        *gate_words.tables(fresh, FRESH_SOURCES, "films"),
    ]


def section(gate: Metrics, fresh: Metrics) -> list[str]:
    """Of the card."""
    if not gate:
        return ["\n## What is no such film: the gate\n", "Not measured."]
    return [
        "\n## What is no such film: the gate\n",
        f"{words.GATE_METHOD}. It is part of the graph; above the limit the film is refused, not "
        "warned about. Fitted on the 144 training films and on half of the patients of the NIH "
        "subset (adult PA and AP films), each also stored otherwise and slightly moved; its head "
        "saw those films stored wrongly, small parts of films, brain MR, CT crops, photographs, "
        "noise and drawn screens. No test film and none of the named test files was used.\n",
        "Measured through the viewer's own path (header, pixels, gate, outlines), every picture "
        "under a header that says PA film of the chest of an adult of 50 years. **These figures were seen "
        "while features, head and limit were chosen (selection on the same images), so that they "
        "flatter**; the second pair of tables does not.\n",
        *gate_words.tables(gate, SOURCES, "films"),
        "\nNo real lateral film of a person, mammogram or hand was at hand: the lateral and frontal "
        "views are sums through CT volumes, the mammogram and the hand are drawn; a real lateral "
        "film of a dog's chest, a lower leg and two skull-like projections stand beside them. A "
        "mirrored film is the hardest: the misses in both tables get a wrong ratio.",
        *_fresh(fresh),
    ]
