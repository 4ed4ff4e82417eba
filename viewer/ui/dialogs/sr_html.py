"""An SrDocument as rich text: every word of it escaped, links numbered, nothing fetched."""

from collections.abc import Callable, Iterator, Mapping
from html import escape
from types import MappingProxyType

from viewer.app.workbench import LinkActions
from viewer.base.i18n import _
from viewer.domain.readable import (
    readable_date,
    readable_date_time,
    readable_name,
    readable_time,
)
from viewer.domain.sr_document import InstanceLink, ItemPath, SrDocument, SrItem, Verifier
from viewer.domain.study import Patient
from viewer.ui import theme

INDENT_PX = 18
DEEPEST_INDENT = 12
"""Levels that still move to the right; deeper ones stay below each other."""

RELATIONS: Mapping[str, Callable[[], str]] = MappingProxyType(
    {
        "INFERRED FROM": lambda: _("inferred from"),
        "SELECTED FROM": lambda: _("on"),
    }
)
"""How an item belongs to the one above, where its place below it does not say enough."""

COMPLETION: Mapping[str, Callable[[], str]] = MappingProxyType(
    {"COMPLETE": lambda: _("complete"), "PARTIAL": lambda: _("partial")}
)
Row = tuple[str, str]


def document_html(document: SrDocument, links: LinkActions, numbers: "Numbers") -> str:
    """The whole document; a link's address is image:N, N its number in `numbers`, or #item for an item."""
    flags = verification_html(document.verification, document.verifiers)
    parts = [f"<h2>{escape(document.title or _('Report'))}</h2>", flags]
    parts.append(table_html(_head(document)))
    parts += [_coloured(escape(warning), theme.WARNING) for warning in document.warnings]
    parts.append("<hr>")
    parts += [_item(item, links, numbers) for item in document.root.walk() if item.path != (1,)]
    return "\n".join(parts)


class Numbers:
    """Links by the number in their address."""

    def __init__(self) -> None:
        self.links: list[InstanceLink] = []

    def address(self, link: InstanceLink) -> str:
        """The address of a link, numbered as it comes."""
        self.links.append(link)
        return f"image:{len(self.links) - 1}"


def verification_html(verification: str, verifiers: tuple[Verifier, ...] = ()) -> str:
    """Verified or not, in words that cannot be taken for each other (PS3.3 C.17.2)."""
    if verification == "VERIFIED":
        who = "; ".join(
            ", ".join(filter(None, (one.name, one.organization, readable_date_time(one.date_time))))
            for one in verifiers
        )
        words = _("✓ VERIFIED by {who}").format(who=who or _("nobody who is named"))
        return _coloured(f"<b>{escape(words)}</b>", theme.CONFIRMED)
    words = {
        "UNVERIFIED": _("NOT VERIFIED: no physician has signed this document."),
        "": _("The document does not say whether anyone verified it."),
    }.get(verification, verification)
    return _coloured(f"<b>{escape(words)}</b>", theme.WARNING)


def _head(document: SrDocument) -> Iterator[Row]:
    yield from origin_rows(document.patient, document.date, document.time)
    known = COMPLETION.get(document.completion)
    completion = known() if known else document.completion
    notes = (completion or _("not stated"), document.completion_note, document.preliminary.lower())
    yield _("Completeness"), escape(", ".join(filter(None, notes)))
    yield _("Author"), escape("; ".join(document.authors) or _("no person named"))
    if document.devices:
        yield _("Device"), _coloured(escape("; ".join(document.devices)), theme.AI, "span")
    if document.algorithms:
        named = f"<b>[{escape(_('algorithm'))}]</b> {escape('; '.join(document.algorithms))}"
        yield _("Algorithm"), _coloured(named, theme.AI, "span")


def origin_rows(patient: Patient, date: str, time: str) -> Iterator[Row]:
    """Whose document it is, and of when; escaped."""
    identity = (readable_name(patient.name), patient.patient_id, readable_date(patient.birth_date))
    yield _("Patient"), escape("  ·  ".join(filter(None, identity)))
    dated = " ".join(filter(None, (readable_date(date), readable_time(time))))
    yield _("Date"), escape(dated or _("not stated"))


def table_html(rows: Iterator[Row]) -> str:
    """Rows of a name and words that are escaped already."""
    lines = "".join(
        f'<tr><td style="color:{theme.MUTED}">{escape(name)}&nbsp;&nbsp;</td><td>{words}</td></tr>'
        for name, words in rows
    )
    return f"<table>{lines}</table>"


def _item(item: SrItem, links: LinkActions, numbers: Numbers) -> str:
    left = INDENT_PX * min(len(item.path) - 2, DEEPEST_INDENT)
    anchor = f'<a name="{_anchor(item.path)}"></a>'
    body = " ".join(filter(None, (_relation(item), _name(item), _words(item, links, numbers))))
    top = 10 if item.kind == "CONTAINER" else 2
    return f'<div style="margin-left:{left}px; margin-top:{top}px">{anchor}{body}</div>'


def _relation(item: SrItem) -> str:
    words = RELATIONS.get(item.relationship)
    return "" if words is None else f'<span style="color:{theme.MUTED}">{escape(words())}</span>'


def _name(item: SrItem) -> str:
    name = "" if item.name is None else item.name.meaning or item.name.value
    if item.kind == "CONTAINER":
        return f"<b>{escape(name or _('Section'))}</b>"
    return f'<span style="color:{theme.MUTED}">{escape(name)}:</span>' if name else ""


def _words(item: SrItem, links: LinkActions, numbers: Numbers) -> str:
    if item.target:
        words = escape(_("see item {number}").format(number=".".join(map(str, item.target))))
        return f'<a href="#{_anchor(item.target)}">{words}</a>'
    if item.kind == "UIDREF":
        return f'<span style="color:{theme.MUTED}">{escape(item.value)}</span>'
    parts = [escape(item.value).replace("\r\n", "<br>").replace("\n", "<br>")]
    parts += [_link(link, links, numbers) for link in item.links]
    return " ".join(filter(None, parts))


def _link(link: InstanceLink, links: LinkActions, numbers: Numbers) -> str:
    place = links.place(link)
    frames = ", ".join(str(frame + 1) for frame in link.frames)
    segments = ", ".join(map(str, link.segments))
    details = (
        link.class_name or _("Instance"),
        _("frame {frames}").format(frames=frames) if frames else "",
        _("segment {segments}").format(segments=segments) if segments else "",
        place or _("not open"),
    )
    words = escape(", ".join(filter(None, details)))
    colour = theme.ACCENT if place else theme.MUTED
    return f'<a href="{numbers.address(link)}" style="color:{colour}">{words}</a>'


def _anchor(path: ItemPath) -> str:
    return "item" + "_".join(map(str, path))


def _coloured(words: str, colour: str, tag: str = "p") -> str:
    return f'<{tag} style="color:{colour}">{words}</{tag}>'
