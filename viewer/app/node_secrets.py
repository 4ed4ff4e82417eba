"""Passwords and tokens of nodes: in the system's keyring where there is one, else in a file of the owner alone."""

import json
import os
from pathlib import Path

from viewer.base.errors import SettingsError
from viewer.base.i18n import _
from viewer.base.paths import settings_folder

try:
    import keyring
    from keyring.errors import KeyringError
except ImportError:
    keyring = None
    KeyringError = OSError

SERVICE = "SecondRead"
SECRETS_NAME = "secrets.json"


def secret_of(node: str) -> str:
    """The secret of a node, "" where there is none."""
    if keyring is not None:
        try:
            return keyring.get_password(SERVICE, node) or ""
        except KeyringError:
            return _stored().get(node, "")
    return _stored().get(node, "")


def keep_secret(node: str, secret: str) -> None:
    """Keep the secret of a node; "" forgets it. Raises SettingsError."""
    if keyring is not None:
        try:
            _keep_in_keyring(node, secret)
            return
        except KeyringError:
            pass
    _keep_in_file({**_stored(), node: secret})


def _keep_in_keyring(node: str, secret: str) -> None:
    if secret:
        keyring.set_password(SERVICE, node, secret)
    elif keyring.get_password(SERVICE, node):
        keyring.delete_password(SERVICE, node)


def _path() -> Path:
    return settings_folder() / SECRETS_NAME


def _stored() -> dict[str, str]:
    path = _path()
    if not path.exists():
        return {}
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        return {str(node): str(secret) for node, secret in stored.items()}
    except (OSError, ValueError, AttributeError) as error:
        raise SettingsError(
            _("The file of passwords {path} cannot be read; correct it or delete it.").format(
                path=path
            )
        ) from error


def _keep_in_file(secrets: dict[str, str]) -> None:
    part = _path().with_suffix(".part")
    part.unlink(missing_ok=True)
    with open(part, "x", encoding="utf-8", opener=_for_the_owner) as file:
        json.dump({node: secret for node, secret in secrets.items() if secret}, file)
    part.replace(_path())


def _for_the_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
