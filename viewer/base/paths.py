"""Where things lie: shipped data (source tree, wheel or frozen program) and the user's own folders."""

import os
import sys
from pathlib import Path

APP_NAME = "SecondRead"
HOME_VARIABLE = "SECONDREAD_HOME"
"""Environment variable naming one folder for data, settings and logs (tests, portable use)."""


def _bundle_root() -> Path:
    frozen = getattr(sys, "_MEIPASS", None)
    if frozen:
        return Path(frozen)
    package = Path(__file__).resolve().parents[1]
    wheel = package / "_bundled"
    return wheel if wheel.is_dir() else package.parent


def resource(*parts: str) -> Path:
    """A file of `resources/`."""
    return _bundle_root().joinpath("resources", *parts)


def shipped_models() -> Path:
    """The folder of the model packages that come with the program."""
    return _bundle_root() / "models"


def _platform_base(variable: str, fallback: str) -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", str(Path.home()))) / APP_NAME
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / APP_NAME
    return Path(os.environ.get(variable) or Path.home() / fallback) / APP_NAME.lower()


def _own_folder(variable: str, fallback: str) -> Path:
    chosen = os.environ.get(HOME_VARIABLE)
    folder = Path(chosen) if chosen else _platform_base(variable, fallback)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def data_folder() -> Path:
    """The case database and the reader's own models; readable by the user alone."""
    return _own_folder("XDG_DATA_HOME", ".local/share")


def settings_folder() -> Path:
    """The settings file."""
    return _own_folder("XDG_CONFIG_HOME", ".config")


def log_folder() -> Path:
    """Logs, which never hold patient data."""
    return _own_folder("XDG_STATE_HOME", ".local/state")
