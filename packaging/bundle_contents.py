"""What the built program is made of: hidden imports, data, what is left out, and the plugins of Qt it keeps."""

import ast
import importlib
from pathlib import Path
from types import ModuleType

from viewer.app.headless.selfcheck_command import LIBRARIES
from viewer.base.registry import plugin_modules
from viewer.dicom.demo import demo_paths

ROOT = Path(__file__).resolve().parents[1]
CODECS = (
    "_shared",
    "_shared_cython",
    "_imcd",
    "_jpeg8",
    "_jpegsof3",
    "_ljpeg",
    "_jpegls",
    "_jpeg2k",
    "_htj2k",
)
"""The modules of imagecodecs behind the functions that viewer.dicom.imagecodecs_plugin calls."""

DATABASE_MODULES = ("psycopg", "psycopg_binary.pq", "psycopg_binary._psycopg", "_cffi_backend")
"""What SQLAlchemy, psycopg and argon2 import by name while they run."""

LATE_MODULES = ("cv2",)
"""What viewer.app.film imports only when a film is made."""

RECORDED = tuple(LIBRARIES.values())
"""Distributions whose version the program says, so their metadata is shipped."""

WITH_DATA = ("highdicom",)
"""Packages that read data files of their own and have no hook: highdicom needs its tables to write an SR."""

EXCLUDED_MODULES = (
    # GPL: must never be in the program.
    *("libjpeg", "readline", "_gdbm", "_dbm", "imagecodecs._lzo"),
    # Development and training.
    *("_pytest", "hypothesis", "mypy", "onnx", "pytest", "setuptools", "torch"),
    # Reached by libraries, never by this program.
    *("IPython", "SimpleITK", "_curses", "curses", "gdcm", "matplotlib", "openjpeg", "pandas"),
    *("PIL.AvifImagePlugin", "PIL.ImageTk", "PIL.WebPImagePlugin", "PIL._avif", "PIL._webp"),
    *("pylibjpeg", "rlePyCairo", "tkinter"),
    *("onnxruntime.quantization", "onnxruntime.tools", "onnxruntime.transformers"),
    *(f"sqlalchemy.dialects.{name}" for name in ("mssql", "mysql", "oracle")),
    *(f"PySide6.Qt{name}" for name in ("Designer", "Help", "Network", "OpenGL", "Qml", "Quick")),
    *(f"PySide6.Qt{name}" for name in ("QuickWidgets", "Sql", "Test", "UiTools")),
)

QT_PLUGINS = (
    *("platforms/libqxcb", "platforms/libqwayland", "platforms/libqoffscreen"),
    *("platforms/qwindows", "platforms/libqcocoa", "styles/"),
    *("xcbglintegrations/", "wayland-shell-integration/", "wayland-decoration-client/"),
    *("wayland-graphics-integration-client/", "platforminputcontexts/libcomposeplatform"),
    *("platforminputcontexts/libibusplatform", "platformthemes/libqxdgdesktopportal"),
    *("iconengines/", "imageformats/libqsvg", "imageformats/qsvg", "imageformats/libqjpeg"),
    *("imageformats/qjpeg",),
)
"""Beginnings of the plugins kept: windows, input methods, the portal's file dialogs, SVG and JPEG."""

_PLUGINS_FOLDER = "/plugins/"
_LEFT_OUT = (
    "/translations/",
    "/qml/",
    "libQt6EglF",
    "libQt6WaylandCompositor",
    "libgtk-3",
    "libcups",
)


def registries() -> list[ModuleType]:
    """The packages whose modules are found by walking: those that the program gives to `discover`."""
    found = {name for path in ROOT.glob("viewer/**/*.py") for name in _discovered(path)}
    return [importlib.import_module(name) for name in sorted(found)]


def _discovered(path: Path) -> list[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imported = {
        name.asname or name.name: f"{node.module}.{name.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for name in node.names
    }
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args]
    return [
        imported[ast.unparse(call.args[0])]
        for call in calls
        if ast.unparse(call.func).split(".")[-1] == "discover"
    ]


def hidden_imports() -> list[str]:
    """Modules that no import statement names: the plugins, and the codecs in use."""
    plugins = [name for package in registries() for name in plugin_modules(package)]
    return [*plugins, *(f"imagecodecs.{name}" for name in CODECS), *DATABASE_MODULES, *LATE_MODULES]


def data_files() -> list[tuple[str, str]]:
    """(source, folder in the program) of resources, model packages and the images of the demo."""
    models = sorted(path.parent for path in ROOT.glob("models/*/manifest.json"))
    return [
        (str(ROOT / "resources"), "resources"),
        *((str(folder), f"models/{folder.name}") for folder in models),
        *((str(path), "resources/demo") for path in demo_paths()),
    ]


def is_wanted(place: str) -> bool:
    """Whether a collected file, named by its place in the program, is shipped."""
    path = place.replace("\\", "/")
    if "PySide6/" in path and _PLUGINS_FOLDER in path:
        return path.split(_PLUGINS_FOLDER, 1)[1].startswith(QT_PLUGINS)
    return not any(part in path for part in _LEFT_OUT)


def is_library(place: str) -> bool:
    """Whether a collected file is a library of others: shipped only while something links to it.

    The library of Python itself is linked by the program, so it counts as always needed.
    """
    path = place.replace("\\", "/")
    folder, _slash, name = path.rpartition("/")
    in_library_folder = not folder or folder.endswith((".libs", "Qt/lib"))
    return in_library_folder and ".so" in name and "cpython" not in name and "python3" not in name
