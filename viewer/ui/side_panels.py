"""SidePanels: the two panels beside the image, folded with one key each."""

from dataclasses import dataclass

from PySide6.QtWidgets import QWidget


@dataclass(frozen=True)
class SidePanels:
    """left: studies; right: findings."""

    left: QWidget
    right: QWidget

    def toggle_left(self) -> None:
        """Fold or show the studies."""
        self.left.setVisible(not self.left.isVisible())

    def toggle_right(self) -> None:
        """Fold or show the findings."""
        self.right.setVisible(not self.right.isVisible())

    def toggle_both(self) -> None:
        """Only the image, and back."""
        any_shown = self.left.isVisible() or self.right.isVisible()
        for panel in (self.left, self.right):
            panel.setVisible(not any_shown)
