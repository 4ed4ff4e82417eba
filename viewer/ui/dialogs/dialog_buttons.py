"""DialogButtons: the line under a dialog, the button that does it and the one that leaves all as it is."""

from collections.abc import Callable

from PySide6.QtWidgets import QDialogButtonBox

from viewer.base.i18n import _


class DialogButtons(QDialogButtonBox):
    """`primary` calls `act`, the other one and Escape call `leave`; never is leaving the default."""

    def __init__(
        self, title: str, act: Callable[[], None], leave: Callable[[], None], leaving: str = ""
    ) -> None:
        super().__init__()
        other = self.addButton(leaving or _("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        other.setAutoDefault(False)
        self.primary = self.addButton(title, QDialogButtonBox.ButtonRole.AcceptRole)
        self.primary.setProperty("primary", True)
        self.accepted.connect(act)
        self.rejected.connect(leave)
