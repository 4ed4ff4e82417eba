"""Fields that values grew after reports were first signed: at its default, such a field is not written.

So the canonical text, and with it the hash, of everything signed before the field existed stays as it was.
"""

from dataclasses import fields, is_dataclass

_GROWN = "grown"

GROWN = {_GROWN: True}
"""`field(default=..., metadata=GROWN)`: added later; the default must stay what it is forever."""


def grown_fields(kind: type) -> tuple[str, ...]:
    """Names of the fields of a dataclass that were added later; empty for any other type."""
    if not is_dataclass(kind):
        return ()
    return tuple(one.name for one in fields(kind) if one.metadata.get(_GROWN))
