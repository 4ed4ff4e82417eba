"""Accounts of test readers: made at the first signing, proved at the later ones."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLineEdit

from viewer.app.accounts import Accounts
from viewer.store.users import User

PASSWORD = "correct horse"


def prove(accounts: Accounts, printed_name: str = "Dr Li", name: str = "li") -> User:
    """The reader, with an account, logged in."""
    if accounts.exist:
        return accounts.log_in(name, PASSWORD)
    return accounts.create_first(name, printed_name, PASSWORD)


def fill(dialog: QDialog, **texts: str) -> QLineEdit:
    """Set the fields of a dialog by accessible name, spaces written as underscores; returns the last one set."""
    fields = {field.accessibleName(): field for field in dialog.findChildren(QLineEdit)}
    for name, text in texts.items():
        last = fields[name.replace("_", " ")]
        last.clear()
        last.insert(text)
    return last


def sign_in(dialog: QDialog, printed_name: str, password: str = PASSWORD) -> None:
    """Sign as a person does: the first time with a new account, later with the password and Enter."""
    fields = {field.accessibleName() for field in dialog.findChildren(QLineEdit)}
    if "Name of the reader" in fields:
        fill(dialog, Name_of_the_reader=printed_name)
        last = fill(dialog, Password=password, Password_again=password)
    else:
        last = fill(dialog, Password=password)
    QTest.keyClick(last, Qt.Key.Key_Return)
