"""What whoever trains a network says of it: name, licence, data, codes; checked before anything is learned."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from models.training.common.own_settings import DataError, Options
from viewer.inference.code_checks import code_problem
from viewer.inference.importing.labels import slug
from viewer.inference.importing.package import read_json

Json = dict[str, Any]

PATTERNS = {
    "version": (r"[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?$", "1.0.0"),
    "model_id": (r"[a-z0-9]+(\.[a-z0-9_-]+)+$", "org.hospital.name"),
}
"""As the manifest's schema has them, with an example."""

KNOWN = ("name", "model_id", "version", "vendor", "intended_use", "licence", "data", "labels")


def about(options: Options) -> Json:
    """What --about says, with plain defaults; raises DataError for a field it cannot have."""
    given: Json = {}
    if options.about is not None:
        given = dict(read_json(options.about))
    unknown = sorted(set(given) - set(KNOWN))
    if unknown:
        raise DataError(f"{options.about} has unknown fields: {', '.join(unknown)}.")
    name = given.get("name", options.out.name.replace("_", " "))
    whole = {
        "name": name,
        "model_id": f"local.trained.{slug(str(name))}",
        "version": "1.0.0",
        "vendor": "not stated",
        "intended_use": f"Second read by {name}; research only.",
        "licence": "not stated",
        "data": options.data.name,
        "labels": {},
        **given,
    }
    wrong = next(_wrong(whole), "")
    if wrong:
        raise DataError(f"{options.about}: {wrong}.")
    return whole


def _wrong(about: Json) -> Iterator[str]:
    """What the package's check would refuse, found before anything is learned."""
    for key in (key for key in KNOWN if key != "labels"):
        if not isinstance(about[key], str) or not about[key].strip():
            yield f"{key} must be text"
    for key, (pattern, example) in PATTERNS.items():
        if not re.match(pattern, str(about[key])):
            yield f"{key} must be like {example}"
    if not isinstance(about["labels"], Mapping):
        yield "labels must be an object"
        return
    for name, one in about["labels"].items():
        if not isinstance(one, Mapping) or set(one) - {"display", "code"}:
            yield f"the label {name} must be an object with display, code or both"
        elif "code" in one:
            yield from _wrong_code(name, one["code"])


def _wrong_code(name: str, code: object) -> Iterator[str]:
    parts = ("value", "scheme", "meaning")
    if not isinstance(code, Mapping) or set(code) != set(parts):
        yield f"the code of {name} must be an object with value, scheme and meaning"
        return
    problem = code_problem(*(str(code[part]) for part in parts))
    if problem:
        yield f"the code of {name}: {problem}"
