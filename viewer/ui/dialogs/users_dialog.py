"""UsersDialog: who may log in, with which role; for administrators."""

from collections.abc import Callable

from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from viewer.app.accounts import Accounts
from viewer.base.errors import ViewerError
from viewer.base.i18n import _
from viewer.store.users import Role, User, role_text
from viewer.ui.dialogs.credentials import NewUserForm, PasswordForm, Warn
from viewer.ui.dialogs.dialog_buttons import DialogButtons

COLUMN_PX = (150, 220, 130)


class UsersDialog(QDialog):
    """A user is never removed, only kept out: decisions keep their names."""

    def __init__(self, parent: QWidget | None, accounts: Accounts) -> None:
        super().__init__(parent)
        self._users = accounts.users
        self.setWindowTitle(_("Users"))
        self.resize(680, 420)
        self._table = QTreeWidget()
        self._table.setRootIsDecorated(False)
        self._table.setHeaderLabels([_("User name"), _("Printed name"), _("Role"), _("State")])
        for column, width in enumerate(COLUMN_PX):
            self._table.setColumnWidth(column, width)
        self._table.currentItemChanged.connect(lambda _now, _before: self._check())
        self._words = Warn()
        self._buttons: list[QPushButton] = []
        layout = QVBoxLayout(self)
        layout.addWidget(self._table, 1)
        layout.addWidget(self._words)
        layout.addLayout(self._acts())
        self.refresh()

    def _acts(self) -> QHBoxLayout:
        row = QHBoxLayout()
        acts: tuple[tuple[str, Callable[[], None]], ...] = (
            (_("Add…"), self._add),
            (_("New password…"), self._new_password),
            (_("Change role"), self._change_role),
            (_("Keep out / let in"), self._change_active),
        )
        for words, act in acts:
            button = QPushButton(words)
            button.setAutoDefault(False)
            button.clicked.connect(lambda _checked=False, act=act: self._do(act))
            row.addWidget(button)
            self._buttons.append(button)
        row.addStretch(1)
        close = QPushButton(_("Close"))
        close.setAutoDefault(False)
        close.clicked.connect(self.accept)
        row.addWidget(close)
        return row

    def refresh(self) -> None:
        """Show the users as they are."""
        chosen = self.chosen
        self._table.clear()
        for user in self._users.all():
            state = _("active") if user.active else _("kept out")
            item = QTreeWidgetItem([user.name, user.printed_name, role_text(user.role), state])
            self._table.addTopLevelItem(item)
            if chosen is not None and user.name == chosen.name:
                self._table.setCurrentItem(item)
        self._check()

    @property
    def chosen(self) -> User | None:
        """The user on the chosen row."""
        item = self._table.currentItem()
        name = "" if item is None else item.text(0)
        return next((user for user in self._users.all() if user.name == name), None)

    def _check(self) -> None:
        for button in self._buttons[1:]:
            button.setEnabled(self._table.currentItem() is not None)

    def _do(self, act: Callable[[], None]) -> None:
        self._words.say("")
        try:
            act()
        except ViewerError as error:
            self._words.say(str(error))
        self.refresh()

    def _add(self) -> None:
        form = NewUserForm()
        FormDialog(self, _("Add user"), form, lambda: form.attempt(self._create)).exec()

    def _create(self, name: str, printed_name: str, password: str) -> User:
        return self._users.create(name, printed_name, password, Role.READER)

    def _new_password(self) -> None:
        user = self.chosen
        if user is None:
            return
        name, form = user.name, PasswordForm(ask_old=False)

        def change() -> bool:
            return form.attempt(lambda _old, new: self._users.change_password(name, new))

        FormDialog(self, _("New password"), form, change).exec()

    def _change_role(self) -> None:
        user = self.chosen
        if user is not None:
            other = Role.READER if user.role is Role.ADMINISTRATOR else Role.ADMINISTRATOR
            self._users.change_role(user.name, other)

    def _change_active(self) -> None:
        user = self.chosen
        if user is not None:
            self._users.set_active(user.name, not user.active)


class FormDialog(QDialog):
    """A form with Cancel and one button that tries it; what was refused is said in the form."""

    def __init__(
        self,
        parent: QWidget | None,
        title: str,
        form: NewUserForm | PasswordForm,
        attempt: Callable[[], object],
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(380)
        self._form = form
        self._attempt = attempt
        buttons = DialogButtons(_("Save"), self._try, self.reject)
        self._save = buttons.primary
        layout = QVBoxLayout(self)
        layout.addWidget(form)
        layout.addWidget(buttons)
        form.changed.connect(self._check)
        self._check()
        form.setFocus()

    def _check(self) -> None:
        self._save.setEnabled(self._form.ready)
        self._save.setDefault(True)

    def _try(self) -> None:
        if self._attempt():
            self.accept()
