"""`secondread [PATH...]`: the window, or one of the headless commands."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from viewer import __version__, cli
from viewer.base.errors import ViewerError
from viewer.dicom.demo import demo_paths


def main(arguments: Sequence[str] | None = None) -> int:
    """Start what the arguments ask for; returns the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given and given[0] in cli.COMMANDS:
        return cli.run(given)
    chosen = _parser().parse_args(given)
    try:
        paths = (*(demo_paths() if chosen.demo else ()), *chosen.paths)
        return _open_window(paths)
    except ViewerError as error:
        print(f"secondread: {error}", file=sys.stderr)
        return 1


def _open_window(paths: Sequence[Path]) -> int:
    from viewer.ui import application  # noqa: PLC0415  (headless commands need no Qt libraries)

    return application.run(paths)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="secondread",
        description="DICOM viewer for the second read of AI findings. For research use only; "
        "not for clinical use.",
        epilog=f"Headless commands: {', '.join(cli.COMMANDS)}; each has --help.",
    )
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="files or folders")
    parser.add_argument("--demo", action="store_true", help="open the demo study")
    parser.add_argument("--version", action="version", version=f"SecondRead {__version__}")
    return parser


if __name__ == "__main__":
    sys.exit(main())
