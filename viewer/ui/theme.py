"""Theme: colours, fonts and icons of a reading room; dark, calm, one accent."""

from functools import cache

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtGui import QColor, QFont, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from viewer.base.paths import resource

BACKGROUND = "#1b1d20"
PANEL = "#232629"
RAISED = "#2d3135"
LINE = "#3a3f45"
EDGE = "#6b737b"
"""Outline of a card that is not selected."""

TEXT = "#d5d8db"
MUTED = "#9aa1a8"
ACCENT = "#56b4e9"
"""Sky blue of Okabe and Ito; selection, focus, links."""

AI = "#e69f00"
"""Orange of Okabe and Ito: what a network says, always with the badge and a dashed line."""

READER = "#56b4e9"
"""What a person says, always a solid line."""

REPORTED = "#cc79a7"
"""Reddish purple of Okabe and Ito: shapes of a stored report, which nobody changes here."""

CONFIRMED = "#009e73"
OVERRIDDEN = "#cc79a7"
WARNING = "#f0e442"
FONT_POINTS = 10
ICON_PX = 20

STYLE = f"""
QWidget {{ background: {PANEL}; color: {TEXT}; }}
QMainWindow, QMainWindow::separator {{ background: {BACKGROUND}; }}
QToolTip {{ background: {RAISED}; color: {TEXT}; border: 1px solid {LINE}; padding: 4px; }}
QMenuBar, QMenu {{ background: {PANEL}; }}
QMenuBar::item {{ padding: 4px 10px; }}
QMenu::item {{ padding: 5px 26px 5px 22px; }}
QMenuBar::item:selected, QMenu::item:selected {{ background: {RAISED}; }}
QMenu::item:disabled {{ color: #6a7077; }}
QMenu::separator {{ height: 1px; background: {LINE}; margin: 4px 8px; }}
QToolBar {{ background: {PANEL}; border: 0; border-bottom: 1px solid {LINE}; spacing: 2px; padding: 3px; }}
QToolBar::separator {{ background: {LINE}; width: 1px; margin: 4px 6px; }}
QToolButton {{ border: 1px solid transparent; border-radius: 4px; padding: 4px; }}
QToolButton:hover {{ background: {RAISED}; }}
QToolButton:checked {{ background: #30495a; border-color: {ACCENT}; }}
QStatusBar {{ background: {PANEL}; border-top: 1px solid {LINE}; }}
QStatusBar::item {{ border: 0; }}
QStatusBar QLabel {{ padding: 2px 8px; }}
QPushButton {{ background: {RAISED}; border: 1px solid {LINE}; border-radius: 4px; padding: 5px 12px; }}
QPushButton:hover {{ border-color: {ACCENT}; }}
QPushButton:focus {{ border-color: {ACCENT}; }}
QPushButton:checked {{ background: #30495a; border-color: {ACCENT}; }}
QPushButton:disabled {{ color: #70767d; background: {PANEL}; }}
QPushButton[primary="true"] {{ background: #2f5d7c; border-color: {ACCENT}; color: white; }}
QPushButton[primary="true"]:disabled {{ background: {PANEL}; border-color: {LINE}; color: #70767d; }}
QLineEdit, QPlainTextEdit, QTextEdit, QComboBox {{
  background: {BACKGROUND}; border: 1px solid {LINE}; border-radius: 4px; padding: 4px;
  selection-background-color: #2f5d7c; }}
QLineEdit:focus, QPlainTextEdit:focus, QComboBox:focus {{ border-color: {ACCENT}; }}
QComboBox QAbstractItemView {{ background: {RAISED}; selection-background-color: #2f5d7c; }}
QTabWidget::pane {{ border: 0; }}
QTabBar::tab {{ background: {PANEL}; padding: 6px 12px; border-bottom: 2px solid {PANEL}; }}
QTabBar::tab:selected {{ border-bottom-color: {ACCENT}; }}
QListView {{ border: 0; outline: 0; background: {PANEL}; }}
QListView::item {{ padding: 5px; border-bottom: 1px solid {LINE}; }}
QListView::item:selected {{ background: #2b3d49; color: {TEXT}; }}
QTreeView {{ border: 0; outline: 0; }}
QTreeView::item {{ padding: 3px; }}
QTreeView::item:selected {{ background: #2b3d49; color: {TEXT}; }}
QTreeView::item:hover {{ background: {RAISED}; }}
QHeaderView::section {{
  background: {RAISED}; color: {MUTED}; border: 0; border-right: 1px solid {LINE}; padding: 5px; }}
QTableView {{ background: {BACKGROUND}; border: 1px solid {LINE}; gridline-color: {LINE}; }}
QListView {{ background: {BACKGROUND}; border: 1px solid {LINE}; border-radius: 4px; outline: 0; }}
QListView::item {{ padding: 5px; }}
QListView::item:selected {{ background: #2b3d49; color: {TEXT}; }}
QAbstractSpinBox {{ min-height: 26px; }}
QTabWidget::pane {{ border: 1px solid {LINE}; }}
QTabBar::tab {{ background: {PANEL}; padding: 6px 14px; border: 1px solid {LINE}; border-bottom: 0; }}
QTabBar::tab:selected {{ background: {RAISED}; border-bottom: 2px solid {ACCENT}; }}
QScrollArea {{ border: 0; }}
QScrollBar:vertical {{ background: {PANEL}; width: 10px; }}
QScrollBar::handle:vertical {{ background: {LINE}; border-radius: 4px; min-height: 24px; }}
QScrollBar::add-line, QScrollBar::sub-line {{ height: 0; width: 0; }}
QScrollBar:horizontal {{ background: {PANEL}; height: 10px; }}
QScrollBar::handle:horizontal {{ background: {LINE}; border-radius: 4px; min-width: 24px; }}
QProgressBar {{ background: {BACKGROUND}; border: 0; height: 4px; }}
QProgressBar::chunk {{ background: {ACCENT}; }}
QSplitter::handle {{ background: {LINE}; }}
QLabel[role="heading"] {{ color: {MUTED}; font-weight: 600; }}
QLabel[role="muted"] {{ color: {MUTED}; }}
QCheckBox {{ spacing: 8px; padding: 3px 0; }}
QCheckBox::indicator, QListView::indicator {{
  width: 15px; height: 15px; border: 1px solid {MUTED}; border-radius: 3px; background: {BACKGROUND}; }}
QCheckBox::indicator:disabled {{ border-color: {LINE}; }}
QRadioButton::indicator {{
  width: 13px; height: 13px; border: 1px solid {MUTED}; border-radius: 7px; background: {BACKGROUND}; }}
QRadioButton::indicator:disabled {{ border-color: {LINE}; }}
QRadioButton::indicator:checked {{ background: {ACCENT}; border-color: {ACCENT}; }}
QCheckBox::indicator:checked, QListView::indicator:checked {{
  background: {ACCENT}; border-color: {ACCENT}; image: url({{CHECK}}); }}
"""


def apply_theme(application: QApplication) -> None:
    """Dress the application."""
    application.setStyle("Fusion")
    palette = QPalette()
    palette.setColor(QPalette.ColorRole.Window, QColor(PANEL))
    palette.setColor(QPalette.ColorRole.Base, QColor(BACKGROUND))
    palette.setColor(QPalette.ColorRole.Text, QColor(TEXT))
    palette.setColor(QPalette.ColorRole.WindowText, QColor(TEXT))
    palette.setColor(QPalette.ColorRole.ButtonText, QColor(TEXT))
    palette.setColor(QPalette.ColorRole.PlaceholderText, QColor(MUTED))
    palette.setColor(QPalette.ColorRole.Highlight, QColor("#2f5d7c"))
    palette.setColor(QPalette.ColorRole.Link, QColor(ACCENT))
    application.setPalette(palette)
    font = QFont(application.font())
    font.setPointSize(FONT_POINTS)
    application.setFont(font)
    check = resource("icons", "check-dark.svg").as_posix()
    application.setStyleSheet(STYLE.replace("{CHECK}", check))


@cache
def icon(name: str) -> QIcon:
    """A Lucide icon in the text colour, dimmed where disabled; KeyError-like empty icon never: it must exist."""
    source = resource("icons", f"{name}.svg").read_text(encoding="utf-8")
    drawn = QIcon()
    drawn.addPixmap(_render(source, TEXT), QIcon.Mode.Normal)
    drawn.addPixmap(_render(source, "#5b6168"), QIcon.Mode.Disabled)
    return drawn


def _render(source: str, colour: str) -> QPixmap:
    side = ICON_PX * 2
    pixmap = QPixmap(QSize(side, side))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    QSvgRenderer(QByteArray(source.replace("currentColor", colour).encode())).render(painter)
    painter.end()
    pixmap.setDevicePixelRatio(2.0)
    return pixmap
