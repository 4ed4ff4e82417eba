"""ModelLink: one click from a finding, or from the state of a model, to its model card."""

from functools import partial
from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from viewer.app.model_card import model_card
from viewer.app.site_words import site_words
from viewer.app.workbench import Workbench
from viewer.base.i18n import _
from viewer.domain.finding import Algorithm
from viewer.ui.panels.fields import muted


def model_link(workbench: Workbench, algorithm: Algorithm, words: str) -> QLabel:
    """Words that open the card of a model."""
    link = muted(f'<a href="card">{escape(words)}</a>')
    link.setTextFormat(Qt.TextFormat.RichText)
    link.setToolTip(_("Model card: intended use, limits, training data, performance, licence"))
    link.setAccessibleName(
        _("Model card of {name} {version}").format(name=algorithm.name, version=algorithm.version)
    )
    link.linkActivated.connect(
        lambda _link: workbench.dialogs.show_text(
            _("Model card"),
            model_card(workbench.models, algorithm, partial(site_words, workbench)),
        )
    )
    return link
