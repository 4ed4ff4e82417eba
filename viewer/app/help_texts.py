"""What Help shows, as Markdown: guide, keys, model cards, about."""

from collections.abc import Mapping

from viewer import __version__
from viewer.app.topic import Topic
from viewer.base.i18n import _
from viewer.base.paths import resource
from viewer.inference.model_store import ModelStore

WINDOW_KEYS = (
    ("F6", "Studies panel"),
    ("F7", "Findings panel"),
    ("Tab", "Only the image"),
    ("F1", "User guide"),
    ("?", "All keys"),
    ("Ctrl+Q", "Quit"),
)


def user_guide() -> str:
    """The pages of resources/help, in order of their names."""
    pages = sorted(resource("help").glob("*.md"))
    return "\n\n".join(page.read_text(encoding="utf-8") for page in pages)


def keys_text(topics: Mapping[str, Topic]) -> str:
    """Every key, by menu."""
    parts = [_("## Mouse")]
    parts.append(
        _(
            "- Left drag: the active tool\n- Right drag: window\n- Middle drag: pan\n"
            "- Wheel: slices\n- Ctrl + wheel: zoom about the pointer"
        )
    )
    for topic in topics.values():
        rows = [
            f"- **{', '.join(command.shortcuts)}**: {command.title}"
            for command in topic.commands
            if command.shortcuts
        ]
        parts += [f"## {topic.title}", "\n".join(rows)]
    parts += [
        _("## Window of the program"),
        "\n".join(f"- **{k}**: {_(t)}" for k, t in WINDOW_KEYS),
    ]
    return "\n\n".join(parts)


def model_cards_text(models: ModelStore) -> str:
    """The card of each model, and why others are set aside."""
    cards = [
        (package.folder / "MODEL_CARD.md").read_text(encoding="utf-8")
        for package in models.packages
    ]
    aside = [
        _("**{name} is set aside:** {reason}").format(name=broken.folder.name, reason=broken.reason)
        for broken in models.quarantined
    ]
    return "\n\n---\n\n".join(cards + aside) or _("No model is installed.")


def about_text() -> str:
    """Name, version, intended use, licence."""
    return _(
        "# SecondRead {version}\n\n"
        "**For research use only. Not for clinical use.**\n\n"
        "A DICOM viewer for the second read of AI findings on the radiologist's own workstation. "
        "It works offline; patient data leaves this machine only when you export it.\n\n"
        "Licence: MIT. Icons: Lucide (ISC). Fonts: DejaVu. Qt for Python is used under the LGPL."
    ).format(version=__version__)
