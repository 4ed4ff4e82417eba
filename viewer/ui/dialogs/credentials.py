"""CredentialsForm: user name and password, tried in place; a refusal is said below and nothing is lost."""

from collections.abc import Callable

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QDialog, QLabel, QLineEdit, QVBoxLayout, QWidget

from viewer.base.errors import ViewerError
from viewer.base.i18n import _, plural
from viewer.store.users import User
from viewer.ui import theme
from viewer.ui.dialogs.dialog_buttons import DialogButtons
from viewer.ui.panels.fields import muted

Try = Callable[[str, str], User]
"""(user name, password) to the user; raises ViewerError where they are refused."""

Wait = Callable[[str], float]
"""Seconds until the next try for a user name is heard."""

TICK_MS = 250


class CredentialsForm(QWidget):
    """Two fields and a line for what went wrong.

    changed: `ready` may be another. entered: the reader pressed Enter.
    """

    changed = Signal()
    entered = Signal()

    def __init__(self, name: str, wait: Wait) -> None:
        super().__init__()
        self._wait = wait
        self._name = _field(_("User name"), name)
        self._password = _field(_("Password"))
        self._password.setEchoMode(QLineEdit.EchoMode.Password)
        self._words = Warn()
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._count_down)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for widget in (self._name, self._password, self._words):
            layout.addWidget(widget)
        for field in (self._name, self._password):
            field.textChanged.connect(lambda _text: self.changed.emit())
            field.returnPressed.connect(self.entered.emit)
        self.setFocusProxy(self._password if name else self._name)

    @property
    def ready(self) -> bool:
        """Whether both fields are filled and no wait is due."""
        filled = bool(self._name.text().strip()) and bool(self._password.text())
        return filled and not self._timer.isActive()

    def attempt(self, act: Try) -> User | None:
        """Try them; None where they are refused, which is said here."""
        if not self.ready:
            return None
        try:
            return act(self._name.text(), self._password.text())
        except ViewerError as error:
            self._password.clear()
            self._password.setFocus()
            self._words.say(str(error))
            self._timer.start()
            self._count_down()
            return None

    def clear(self, name: str) -> None:
        """Empty for the next user; `name` is offered."""
        self._name.setText(name)
        self._password.clear()
        self._words.say("")
        first = self._password if name else self._name
        self.setFocusProxy(first)
        first.setFocus()

    def _count_down(self) -> None:
        left = self._wait(self._name.text())
        if left <= 0:
            self._timer.stop()
        else:
            seconds = plural("Try again in {n} second.", "Try again in {n} seconds.", int(left) + 1)
            self._words.say(f"{_('User name or password is wrong.')} {seconds}")
        self.changed.emit()


class Warn(QLabel):
    """A line that is there only while there is something to say."""

    def __init__(self) -> None:
        super().__init__()
        self.setWordWrap(True)
        self.setStyleSheet(f"color: {theme.WARNING};")
        self.hide()

    def say(self, sentence: str) -> None:
        """Show a sentence, or nothing."""
        self.setText(sentence)
        self.setVisible(bool(sentence))


def _field(words: str, text: str = "") -> QLineEdit:
    field = QLineEdit(text)
    field.setPlaceholderText(words)
    field.setAccessibleName(words)
    return field


class NewUserForm(QWidget):
    """Printed name, user name (offered from it) and a password twice; `changed` says that `ready` may differ."""

    changed = Signal()

    def __init__(self, printed_name: str = "") -> None:
        super().__init__()
        self._printed = _field(_("Your name, as it is printed in the report"), printed_name)
        self._printed.setAccessibleName(_("Name of the reader"))
        self._name = _field(_("User name"), suggested_user_name(printed_name))
        self._password = _field(_("Password, at least 8 letters"))
        self._password.setAccessibleName(_("Password"))
        self._again = _field(_("Password again"))
        self._words = Warn()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for field in (self._printed, self._name, self._password, self._again):
            layout.addWidget(field)
            field.textChanged.connect(lambda _text: self.changed.emit())
        for field in (self._password, self._again):
            field.setEchoMode(QLineEdit.EchoMode.Password)
        layout.addWidget(self._words)
        self._printed.textEdited.connect(self._offer)
        self.setFocusProxy(self._password if printed_name else self._printed)

    @property
    def ready(self) -> bool:
        """Whether all four are filled."""
        fields = (self._printed, self._name, self._password, self._again)
        return all(field.text().strip() for field in fields)

    def attempt(self, act: Callable[[str, str, str], User]) -> User | None:
        """Make the user by (user name, printed name, password); None where it is refused, which is said here."""
        if not self.ready:
            return None
        if self._password.text() != self._again.text():
            self._words.say(_("The two passwords differ."))
            return None
        try:
            return act(self._name.text(), self._printed.text(), self._password.text())
        except ViewerError as error:
            self._words.say(str(error))
            return None

    def _offer(self, printed_name: str) -> None:
        if not self._name.isModified():
            self._name.setText(suggested_user_name(printed_name))


class PasswordForm(QWidget):
    """A new password twice, after the old one where that is asked; `changed` says that `ready` may differ."""

    changed = Signal()

    def __init__(self, ask_old: bool) -> None:
        super().__init__()
        self._old = _field(_("Present password"))
        self._new = _field(_("New password, at least 8 letters"))
        self._again = _field(_("New password again"))
        self._fields = ((self._old,) if ask_old else ()) + (self._new, self._again)
        self._words = Warn()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for field in self._fields:
            field.setEchoMode(QLineEdit.EchoMode.Password)
            field.textChanged.connect(lambda _text: self.changed.emit())
            layout.addWidget(field)
        layout.addWidget(self._words)
        self.setFocusProxy(self._fields[0])

    @property
    def ready(self) -> bool:
        """Whether every field is filled."""
        return all(field.text() for field in self._fields)

    def attempt(self, act: Callable[[str, str], None]) -> bool:
        """Change by (old, new); False where it is refused, which is said here."""
        if self._new.text() != self._again.text():
            self._words.say(_("The two passwords differ."))
            return False
        try:
            act(self._old.text(), self._new.text())
        except ViewerError as error:
            self._words.say(str(error))
            return False
        return True


def suggested_user_name(printed_name: str) -> str:
    """The last word of a name that is more than a title or an initial, in small letters."""
    words = ["".join(filter(str.isalnum, word)).casefold() for word in printed_name.split()]
    told = [word for word in words if len(word) > 1] or words
    return told[-1] if told else ""


class LoginDialog(QDialog):
    """Asks for user name and password until they are right or the question is given up."""

    def __init__(
        self, parent: QWidget | None, title: str, words: str, name: str, act: Try, wait: Wait
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(380)
        self.user: User | None = None
        self._act = act
        self._form = CredentialsForm(name, wait)
        self._form.changed.connect(self._check)
        buttons = DialogButtons(title, self._try, self.reject)
        self._enter = buttons.primary
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        if words:
            layout.addWidget(muted(words))
        layout.addWidget(self._form)
        layout.addWidget(buttons)
        self._check()
        self._form.setFocus()

    def _check(self) -> None:
        self._enter.setEnabled(self._form.ready)
        self._enter.setDefault(True)

    def _try(self) -> None:
        self.user = self._form.attempt(self._act)
        if self.user is not None:
            self.accept()
