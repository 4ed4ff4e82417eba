"""SidePanels: the two panels beside the image, folded with one key each."""

from dataclasses import dataclass

from PySide6.QtWidgets import QTabWidget, QWidget

from viewer.ui.panels.worklist import WorklistPanel


@dataclass(frozen=True)
class SidePanels:
    """left: studies and worklist, in tabs; right: findings."""

    left: QTabWidget
    worklist: WorklistPanel
    right: QWidget

    def toggle_left(self) -> None:
        """Fold or show the studies."""
        self.left.setVisible(not self.left.isVisible())

    def go_to_worklist(self) -> None:
        """Bring the worklist to the front and give it the keyboard."""
        self.left.show()
        self.left.setCurrentWidget(self.worklist)
        self.worklist.take_focus()

    def toggle_right(self) -> None:
        """Fold or show the findings."""
        self.right.setVisible(not self.right.isVisible())

    def toggle_both(self) -> None:
        """Only the image, and back."""
        any_shown = self.left.isVisible() or self.right.isVisible()
        for panel in (self.left, self.right):
            panel.setVisible(not any_shown)
