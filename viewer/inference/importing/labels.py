"""Labels of a classifier's scores, read from JSON: key, words, code, and whether one is a finding."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from viewer.base.errors import ModelError
from viewer.base.i18n import _
from viewer.inference.code_checks import code_problem

NO_FINDING = ("normal", "no_finding", "negative", "background", "healthy", "none")
"""Names of labels that say that there is nothing; never proposed as findings."""


@dataclass(frozen=True)
class Label:
    """What one number of the output stands for. finding: whether it is proposed; "normal" is not.

    code: (value, scheme, meaning), or None for a local one.
    """

    key: str
    display: str
    finding: bool = True
    code: tuple[str, str, str] | None = None


def read_labels(given: object) -> Iterator[Label]:
    """The labels in the order of the scores; raises ModelError for what cannot be used."""
    if not isinstance(given, list | tuple) or not given:
        raise wrong("labels", given, _("a list, one entry per score"))
    labels = [_label(one) for one in given]
    keys = [label.key for label in labels]
    if len(set(keys)) < len(keys):
        raise wrong("labels", ", ".join(keys), _("names that differ"))
    if not any(label.finding for label in labels):
        raise wrong("labels", ", ".join(keys), _("at least one finding"))
    yield from labels


def _label(given: object) -> Label:
    if isinstance(given, str) and given.strip():
        return Label(slug(given), given.strip(), slug(given) not in NO_FINDING)
    if not isinstance(given, Mapping) or not str(given.get("display", "")).strip():
        raise wrong("labels", given, _("a name, or an object with display"))
    display = str(given["display"]).strip()
    key = str(given.get("key", slug(display)))
    if key != slug(key):
        raise wrong("labels", key, _("a key of lower case letters, digits and underscores"))
    finding = given.get("finding", slug(display) not in NO_FINDING)
    code = given.get("code")
    return Label(key, display, bool(finding), None if code is None else _code(code))


def _code(given: object) -> tuple[str, str, str]:
    names = ("value", "scheme", "meaning")
    if not isinstance(given, Mapping) or not all(str(given.get(name, "")) for name in names):
        raise wrong("code", given, _("an object with value, scheme and meaning"))
    value, scheme, meaning = (str(given[name]) for name in names)
    problem = code_problem(value, scheme, meaning)
    if problem:
        raise wrong("code", value, problem)
    return value, scheme, meaning


def slug(words: str) -> str:
    """A key made of words: lower case, digits, underscores; begins with a letter."""
    key = re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_")
    return key if key[:1].isalpha() else f"label_{key}".rstrip("_")


def wrong(name: str, given: object, wanted: str) -> ModelError:
    """An answer that cannot be used, in a sentence."""
    words = _("The answer {name} = {given} cannot be used; wanted: {wanted}.")
    return ModelError(words.format(name=name, given=given, wanted=wanted))
