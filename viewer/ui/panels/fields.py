"""Fields that fit a narrow panel."""

from PySide6.QtWidgets import QComboBox, QSizePolicy, QWidget

SHORTEST_TEXT = 12
"""Letters of a list's text that always show."""


def narrow(field: QWidget) -> None:
    """Let a field take the panel's width, however long its texts are."""
    field.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    if isinstance(field, QComboBox):
        field.setMinimumContentsLength(SHORTEST_TEXT)
        field.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
