"""Acts on the window itself: fold panels, full screen, keys, help, about, quit."""

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu, QWidget

from viewer.app.help_texts import about_text, model_cards_text, user_guide
from viewer.app.site_words import site_words
from viewer.app.workbench import Workbench
from viewer.base.i18n import _
from viewer.ui import theme
from viewer.ui.dialogs.keys_window import KeysWindow
from viewer.ui.side_panels import SidePanels


def add_window_actions(
    window: QMainWindow,
    image: QWidget,
    menus: Mapping[str, QMenu],
    sides: SidePanels,
    workbench: Workbench,
) -> None:
    """Add them to the menus where a reader looks for them.

    image: Tab folds the panels only while it has the keyboard; elsewhere Tab goes to the next field.
    """

    def add(
        menu: QMenu, title: str, keys: str, act: Callable[[], object], name: str = ""
    ) -> QAction:
        action = QAction(title, window)
        action.setShortcut(QKeySequence(keys))
        action.triggered.connect(lambda _checked=False: act())
        if name:
            action.setIcon(theme.icon(name))
        menu.addAction(action)
        return action

    show = workbench.dialogs.show_text
    view = menus["view"]
    view.addSeparator()
    add(view, _("Studies panel"), "F6", sides.toggle_left, "panel-left")
    add(view, _("Worklist, by arrows and Enter"), "F5", sides.go_to_worklist)
    add(view, _("Findings panel"), "F7", sides.toggle_right, "panel-right")
    only_image = add(view, _("Only the image"), "Tab", sides.toggle_both)
    only_image.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
    image.addAction(only_image)
    menus["file"].addSeparator()
    add(menus["file"], _("Quit"), "Ctrl+Q", window.close)
    guide = window.menuBar().addMenu(_("Help"))
    add(guide, _("User guide"), "F1", lambda: show(_("User guide"), user_guide()), "circle-help")
    add(guide, _("All keys"), "?", lambda: KeysWindow(window, workbench).show(), "keyboard")
    cards = _("Model cards")
    add(
        guide,
        cards,
        "",
        lambda: show(cards, model_cards_text(workbench.models, partial(site_words, workbench))),
        "info",
    )
    add(guide, _("About SecondRead"), "", lambda: show(_("About SecondRead"), about_text()))
