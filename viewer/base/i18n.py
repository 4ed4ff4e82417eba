"""Translation of user text: `_` looks a sentence up in resources/locale, English is the source."""

import gettext

from viewer.base.paths import resource

DOMAIN = "secondread"
_translation: gettext.NullTranslations = gettext.NullTranslations()


def use_language(language: str) -> None:
    """Take the catalogue of `language` (for example "de"); without one, English stays."""
    global _translation
    _translation = gettext.translation(
        DOMAIN, str(resource("locale")), languages=[language], fallback=True
    )


def _(message: str) -> str:
    """The sentence in the reader's language."""
    return _translation.gettext(message)


def plural(one: str, many: str, count: int) -> str:
    """The singular or plural sentence for `count`; fill `{n}` with the count."""
    return _translation.ngettext(one, many, count).format(n=count)
