"""What Help shows: guide, model cards and about as Markdown; mouse and keys of the window as tables."""

from viewer import __version__
from viewer.app.model_card import SiteWords, package_card
from viewer.base.i18n import _
from viewer.base.paths import resource
from viewer.inference.model_store import ModelStore

MOUSE = (
    ("Left drag", "The active tool"),
    ("Right drag", "Window"),
    ("Middle drag", "Pan"),
    ("Wheel", "Slices"),
    ("Ctrl + wheel", "Zoom about the pointer"),
)
"""What the mouse does on the image."""

WINDOW_KEYS = (
    ("F5", "Worklist, by arrows and Enter"),
    ("F6", "Studies panel"),
    ("F7", "Findings panel"),
    ("Tab", "Only the image"),
    ("F1", "User guide"),
    ("?", "All keys"),
    ("Ctrl+Q", "Quit"),
)
"""Keys of the window itself, which stay as they are."""


def user_guide() -> str:
    """The pages of resources/help, in order of their names."""
    pages = sorted(resource("help").glob("*.md"))
    return "\n\n".join(page.read_text(encoding="utf-8") for page in pages)


def model_cards_text(models: ModelStore, site: SiteWords) -> str:
    """The card of each model, and why others are set aside."""
    cards = [package_card(package, site(package)) for package in models.packages]
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
