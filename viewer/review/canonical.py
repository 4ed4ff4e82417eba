"""Canonical JSON of review values: one value, one text, one SHA-256; and back."""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from enum import Enum
from typing import Any, TypeVar

import cattrs
from cattrs.gen import make_dict_unstructure_fn, override
from cattrs.strategies import configure_tagged_union

from viewer.base.growth import grown_fields

T = TypeVar("T")

_converter = cattrs.Converter()
_converter.register_unstructure_hook(datetime, lambda value: value.isoformat())
_converter.register_structure_hook(datetime, lambda value, _type: datetime.fromisoformat(value))
_converter.register_unstructure_hook(Enum, lambda value: value.value)


def _without_later_defaults(kind: type) -> Callable[[Any], dict[str, Any]]:
    """A field that was added later is written only where it says something (viewer.base.growth)."""
    later = {name: override(omit_if_default=True) for name in grown_fields(kind)}
    return make_dict_unstructure_fn(kind, _converter, **later)  # type: ignore[arg-type]


_converter.register_unstructure_hook_factory(
    lambda kind: isinstance(kind, type) and bool(grown_fields(kind)), _without_later_defaults
)


def tagged_union(union: Any) -> None:
    """Let values of `union` carry their class name in JSON, so that they can be read back."""
    configure_tagged_union(union, _converter)


def to_plain(value: object, declared: Any = None) -> Any:
    """The value as dicts, lists, strings, numbers; `declared` is its union, for events."""
    return _converter.unstructure(value, declared or type(value))


def from_plain(plain: object, kind: type[T] | Any) -> T:
    """The value back from `to_plain`."""
    structured: T = _converter.structure(plain, kind)
    return structured


def canonical_json(plain: object) -> str:
    """Keys sorted, no spaces, UTF-8 as it is, numbers as Python's shortest round-trip."""
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(plain: object) -> str:
    """SHA-256 (hex) of the canonical JSON of plain data."""
    return hashlib.sha256(canonical_json(plain).encode()).hexdigest()


def digest_without(value: object, field: str) -> str:
    """The digest of a dataclass value with one field left out."""
    plain = to_plain(value)
    del plain[field]
    return digest(plain)
