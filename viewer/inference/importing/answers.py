"""Answers: what the graph of a classifier cannot say, as JSON or from a form; checked, never guessed."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from viewer.base.errors import ModelError
from viewer.base.i18n import _
from viewer.inference.importing.graph import Graph
from viewer.inference.importing.labels import Label, read_labels, wrong

Given = Mapping[str, object]
"""The fields of answers.json."""

DEFAULTS: Given = {
    "version": "1.0.0",
    "vendor": "not stated",
    "contrast": "full",
    "aspect": "stretch",
    "licence": "not stated",
    "data": "not stated",
}
"""Taken where nothing is answered; none of them decides what the network is shown or how it is read,
but contrast and aspect, which the card names."""

NORMALISATIONS = ("unit", "minus_one_to_one", "eight_bit", "imagenet")
CONTRASTS = ("full", "percentiles")
ASPECTS = ("stretch", "pad")
MODALITIES = frozenset(
    [
        "AR",
        "AS",
        "BDUS",
        "BI",
        "BMD",
        "CFM",
        "CR",
        "CT",
        "DG",
        "DM",
        "DMS",
        "DX",
        "EC",
        "EPS",
        "ES",
        "FA",
        "FS",
        "GM",
        "HC",
        "IO",
        "IVOCT",
        "IVUS",
        "LP",
        "LS",
        "MG",
        "MR",
        "NM",
        "OAM",
        "OCT",
        "OP",
        "OPM",
        "OPR",
        "OPT",
        "OPTBSV",
        "OPTENF",
        "OPV",
        "OT",
        "PT",
        "PX",
        "RF",
        "RG",
        "SC",
        "SM",
        "TG",
        "US",
        "VA",
        "VF",
        "XA",
        "XC",
    ]
)
"""Defined terms of Modality that images have (PS3.3 C.7.3.1.1.1)."""

ACTIVATIONS = ("none", "sigmoid", "softmax")
LARGEST_SIZE = 2048
"""Rows or columns a network is believed to read."""


@dataclass(frozen=True)
class Answers:
    """All that a package needs beside the graph; see resources/help/7-models.md for each field."""

    name: str
    labels: tuple[Label, ...]
    modality: tuple[str, ...]
    body_part: tuple[str, ...]
    view: tuple[str, ...]
    normalisation: str
    thresholds: Mapping[str, float]
    activation: str
    output: str
    layout: str
    channels: int
    size: tuple[int, int]
    texts: Mapping[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """version, vendor, contrast, aspect, licence, data or intended_use."""
        return self.texts[name]


def open_questions(graph: Graph, given: Given) -> tuple[str, ...]:
    """The fields that neither the graph nor `given` answers, in the order of a form."""
    known = {**known_from(graph, given), **given}
    return tuple(question for question in QUESTIONS if question not in known)


def known_from(graph: Graph, given: Given) -> dict[str, object]:
    """What the graph alone says; with the layout and output chosen in `given`, if it leaves these open."""
    known: dict[str, object] = {}
    if len(graph.outputs) == 1:
        known["output"] = graph.outputs[0].name
    if len(graph.layouts) == 1:
        known["layout"] = graph.layouts[0]
    layout = known.get("layout", given.get("layout"))
    if layout in graph.layouts:
        rows, columns = graph.size(str(layout))
        if rows is not None and columns is not None:
            known["size"] = [rows, columns]
        channels = graph.channels(str(layout))
        if channels is not None:
            known["channels"] = channels
    if known.get("output", given.get("output")) in graph.ended:
        known["activation"] = "none"
    return known


def answered(graph: Graph, given: Given) -> Answers:
    """Everything together.

    Raises
    ------
    ModelError : a question is open, an answer contradicts the graph, or is none of those possible
    """
    unknown = sorted(set(given) - {*QUESTIONS, *DEFAULTS, "intended_use"})
    if unknown:
        raise ModelError(
            _("Not known among the answers: {names}.").format(names=", ".join(unknown))
        )
    missing = open_questions(graph, given)
    if missing:
        words = ", ".join(f"{one} ({_asked(graph, one)})" for one in missing)
        raise ModelError(_("The network does not say, so answer: {words}.").format(words=words))
    known = known_from(graph, given)
    given = _without_own_end(graph, given, known)
    for name in (name for name in known if name in given):
        if not _alike(known[name], given[name]):
            raise ModelError(
                _(
                    "The answer {name} = {answer} contradicts the network, which says {graph}."
                ).format(name=name, answer=given[name], graph=known[name])
            )
    return _typed(graph, {**DEFAULTS, **given, **known})


def _asked(graph: Graph, question: str) -> str:
    """How a question is asked of this network."""
    if question == "output":
        return _("which tensor holds the scores: {names}").format(
            names=", ".join(one.name for one in graph.outputs)
        )
    return _(QUESTIONS[question])


def _without_own_end(graph: Graph, given: Given, known: Given) -> Given:
    """Whoever answers with the very activation that the network ends in is right: it is applied once.

    Raises ModelError for another activation on top of it.
    """
    end = graph.ended.get(str(known.get("output", given.get("output"))))
    if end is None or given.get("activation", "none") == "none":
        return given
    if given["activation"] != end:
        raise ModelError(
            _(
                "The network ends in a {end} itself, so that its numbers are scores already: answer "
                "activation with none, or leave it out."
            ).format(end=end)
        )
    return {name: answer for name, answer in given.items() if name != "activation"}


def _typed(graph: Graph, all_of: Given) -> Answers:
    labels = tuple(read_labels(all_of["labels"]))
    output = _one_of(all_of, "output", tuple(one.name for one in graph.outputs))
    width = {one.name: one.shape[1] for one in graph.outputs}[output]
    if width not in (None, len(labels)):
        raise ModelError(
            _("The network gives {n} scores, but {labels} labels are named.").format(
                n=width, labels=len(labels)
            )
        )
    return Answers(
        name=_text(all_of, "name"),
        labels=labels,
        modality=_modalities(all_of),
        body_part=_words(all_of, "body_part"),
        view=_words(all_of, "view"),
        normalisation=_one_of(all_of, "normalisation", NORMALISATIONS),
        thresholds=_thresholds(all_of["threshold"], labels),
        activation=_activation(all_of, labels),
        output=output,
        layout=_one_of(all_of, "layout", graph.layouts),
        channels=_channels(all_of),
        size=_size(all_of["size"]),
        texts={
            **{name: _text(all_of, name) for name in DEFAULTS},
            "contrast": _one_of(all_of, "contrast", CONTRASTS),
            "aspect": _one_of(all_of, "aspect", ASPECTS),
            "intended_use": str(all_of.get("intended_use", "")),
        },
    )


def _thresholds(given: object, labels: tuple[Label, ...]) -> Mapping[str, float]:
    keys = [label.key for label in labels if label.finding]
    each = given if isinstance(given, Mapping) else dict.fromkeys(keys, given)
    if set(each) != set(keys):
        each_of = _("one number, or one for each of {keys}").format(keys=", ".join(keys))
        raise wrong("threshold", given, each_of)
    for number in each.values():
        if isinstance(number, bool) or not isinstance(number, int | float) or not 0 < number < 1:
            raise wrong("threshold", number, _("between 0 and 1"))
    return {key: float(str(each[key])) for key in keys}


def _activation(all_of: Given, labels: tuple[Label, ...]) -> str:
    activation = _one_of(all_of, "activation", ACTIVATIONS)
    if activation == "softmax" and len(labels) < 2:
        raise wrong("activation", activation, _("sigmoid for a single score"))
    return activation


def _channels(all_of: Given) -> int:
    if all_of["channels"] not in (1, 3):
        raise wrong("channels", all_of["channels"], _("1 or 3"))
    if all_of["normalisation"] == "imagenet" and all_of["channels"] != 3:
        raise wrong("normalisation", "imagenet", _("another, for a network of one channel"))
    return int(str(all_of["channels"]))


def _size(given: object) -> tuple[int, int]:
    numbers = given if isinstance(given, list | tuple) else (given, given)
    fits = len(numbers) == 2 and all(
        isinstance(number, int) and 8 <= number <= LARGEST_SIZE for number in numbers
    )
    if not fits:
        raise wrong("size", given, _("rows and columns, 8 to {n}").format(n=LARGEST_SIZE))
    return int(numbers[0]), int(numbers[1])


def _words(all_of: Given, name: str, *, needed: bool = False) -> tuple[str, ...]:
    given = all_of[name]
    words = [given] if isinstance(given, str) else given
    if not isinstance(words, list | tuple) or not all(isinstance(word, str) for word in words):
        raise wrong(name, given, _("a list of words"))
    found = tuple(word.strip().upper() for word in words if word.strip())
    if needed and not found:
        raise wrong(name, given, _("at least one"))
    return found


def _modalities(all_of: Given) -> tuple[str, ...]:
    """As DICOM calls them: under another name no image would ever be read."""
    found = _words(all_of, "modality", needed=True)
    unknown = [one for one in found if one not in MODALITIES]
    if unknown:
        raise wrong("modality", ", ".join(unknown), _("DICOM's own terms: CR, DX, CT, MR, …"))
    return found


def _text(all_of: Given, name: str) -> str:
    text = str(all_of[name]).strip()
    if not text or len(text) > 500:
        raise wrong(name, text, _("a few words"))
    return text


def _one_of(all_of: Given, name: str, known: tuple[str, ...]) -> str:
    if all_of[name] not in known:
        raise wrong(name, all_of[name], ", ".join(known))
    return str(all_of[name])


def _alike(first: object, second: object) -> bool:
    one, other = (_as_list(value) for value in (first, second))
    return one == other or (len(other) == 1 and one == other * len(one))


def _as_list(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else [value]


QUESTIONS: Mapping[str, str] = {
    "name": "what the model is called",
    "labels": "the names of its scores, in order",
    "modality": "for example CR, DX",
    "body_part": "for example CHEST; an empty list for any",
    "view": "for example PA, AP; an empty list for any",
    "normalisation": "unit, minus_one_to_one, eight_bit or imagenet",
    "threshold": "a score above it is proposed",
    "output": "the tensor that holds the scores",
    "layout": "NCHW as torch has it, or NHWC as Keras has it",
    "channels": "1 for grey, 3 for colour",
    "size": "rows and columns of the input",
    "activation": "what turns its numbers into scores: sigmoid, softmax or none",
}
"""What must be known, and how it is asked."""
