"""Headless commands: index, render, analyze, models, verify, audit, selfcheck; none needs a screen or Qt."""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from viewer.app.deidentify_choice import DeidentifyChoice
from viewer.app.headless.accept_command import (
    Accepting,
    run_models_accept,
    run_models_report,
)
from viewer.app.headless.analyze_command import run_analyze
from viewer.app.headless.audit_command import run_audit_export, run_audit_verify
from viewer.app.headless.deidentify_command import run_deidentify
from viewer.app.headless.evaluate_command import run_models_evaluate
from viewer.app.headless.index_command import run_index
from viewer.app.headless.models_command import (
    run_models_check,
    run_models_import,
    run_models_install,
    run_models_list,
)
from viewer.app.headless.render_command import LaidOver, run_render
from viewer.app.headless.selfcheck_command import run_selfcheck
from viewer.app.headless.verify_command import run_verify
from viewer.base.errors import ViewerError
from viewer.dicom.deidentify.plan import Dates, Descriptors
from viewer.store.audit_log import AuditFilter

COMMANDS = (
    "index",
    "render",
    "analyze",
    "models",
    "verify",
    "audit",
    "selfcheck",
    "deidentify",
)


def run(arguments: Sequence[str]) -> int:
    """Run one headless command; returns the exit code, 0 when all went well."""
    chosen = _parser().parse_args(arguments)
    act: Callable[[argparse.Namespace], int] = chosen.act
    try:
        return act(chosen)
    except ViewerError as error:
        print(f"secondread: {error}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="secondread",
        description="SecondRead without its window. For research use only; not for clinical use.",
    )
    commands = parser.add_subparsers(dest="command", required=True)
    _add_index(commands.add_parser("index", help="list patients, studies, series, display sets"))
    _add_render(commands.add_parser("render", help="display values of a frame as PNG"))
    _add_analyze(
        commands.add_parser(
            "analyze", help="run the models that apply, whatever the reading mode; makes no report"
        )
    )
    _add_models(
        commands.add_parser(
            "models", help="list, check, install, import, measure or accept model packages"
        )
    )
    _add_audit(commands.add_parser("audit", help="verify or export the audit log"))
    _add_verify(
        commands.add_parser("verify", help="does a signed report still match its evidence?")
    )
    _add_deidentify(commands.add_parser("deidentify", help="copies that do not tell who it is"))
    check = commands.add_parser("selfcheck", help="versions, plugins, models, decoders, devices")
    check.set_defaults(act=lambda _chosen: run_selfcheck())
    return parser


def _add_index(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(act=lambda chosen: run_index(chosen.paths, chosen.json))


def _add_render(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--frame", type=int, default=1, help="frame number, 1 is the first")
    parser.add_argument("--window", nargs=2, type=float, metavar=("CENTER", "WIDTH"))
    parser.add_argument("--out", type=Path, required=True, metavar="PNG")
    optional = argparse.BooleanOptionalAction
    parser.add_argument(
        "--overlays", action=optional, default=True, help="overlay planes of the file, in white"
    )
    parser.add_argument(
        "--shutter", action=optional, default=False, help="hide what the file's shutter hides"
    )
    parser.add_argument(
        "--state", type=Path, metavar="PR", help="presentation state to apply (without graphics)"
    )
    parser.set_defaults(
        act=lambda chosen: run_render(
            chosen.file,
            chosen.frame,
            chosen.window,
            chosen.out,
            LaidOver(chosen.overlays, chosen.shutter),
            chosen.state,
        )
    )


def _add_analyze(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    parser.add_argument("--json", type=Path, required=True, metavar="OUT")
    parser.add_argument("--heatmaps", type=Path, metavar="DIR")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    parser.add_argument("--view", default="", help="view of films whose file does not state it")
    _add_as_shipped(parser, "every installed model")
    parser.set_defaults(
        act=lambda chosen: run_analyze(
            chosen.paths,
            chosen.json,
            chosen.heatmaps,
            chosen.device,
            chosen.view,
            chosen.as_shipped,
            chosen.database,
        )
    )


def _add_as_shipped(parser: argparse.ArgumentParser, what: str) -> None:
    words = f"{what} at the manifest's threshold, instead of what this site has in force"
    parser.add_argument("--as-shipped", action="store_true", help=words)
    _add_database(parser)


def _add_verify(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("report", type=Path, metavar="REPORT", help="the JSON of a signed report")
    parser.add_argument("--images", type=Path, nargs="+", default=[], metavar="PATH")
    parser.add_argument("--rerun", action="store_true", help="infer again and compare the scores")
    _add_database(parser)
    parser.set_defaults(
        act=lambda chosen: run_verify(chosen.report, chosen.images, chosen.rerun, chosen.database)
    )


def _add_database(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--database", default="", metavar="PLACE", help="file or URL; else the program's own"
    )


def _add_precision(parser: argparse.ArgumentParser) -> None:
    words = "which of a package's networks; else the one that runs here"
    parser.add_argument("--precision", choices=("full", "int8"), default="", help=words)


def _add_audit(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(required=True)
    check = acts.add_parser(
        "verify", help="is every record as it was written? names the first bad one"
    )
    _add_database(check)
    check.set_defaults(act=lambda chosen: run_audit_verify(chosen.database))
    export = acts.add_parser("export", help="write the log as .csv or .jsonl; itself recorded")
    export.add_argument("file", type=Path, metavar="FILE")
    for name in ("kind", "user", "study", "since", "until"):
        export.add_argument(f"--{name}", default="", help="only records that fit")
    _add_database(export)
    export.set_defaults(act=_export_audit)


def _export_audit(chosen: argparse.Namespace) -> int:
    wanted = AuditFilter(chosen.kind, chosen.user, chosen.study, chosen.since, chosen.until)
    return run_audit_export(chosen.database, chosen.file, wanted)


def _add_deidentify(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    parser.add_argument("--dates", choices=[one.value for one in Dates], default="removed")
    words = [one.value for one in Descriptors]
    parser.add_argument("--descriptions", choices=words, default="removed")
    parser.add_argument(
        "--keep-characteristics", action="store_true", help="sex, age, size, weight"
    )
    parser.set_defaults(
        act=lambda chosen: run_deidentify(
            chosen.paths,
            DeidentifyChoice(
                chosen.out,
                Dates(chosen.dates),
                Descriptors(chosen.descriptions),
                chosen.keep_characteristics,
            ),
        )
    )


def _add_accept(parser: argparse.ArgumentParser) -> None:
    parser.epilog = (
        "An administrator's user name and password are asked on the terminal, or read from two "
        "lines of the standard input. Without --reason nothing is accepted: figures and "
        "thresholds are shown."
    )
    parser.add_argument("folder", type=Path, metavar="PACKAGE")
    parser.add_argument("--labels", type=Path, required=True, metavar="CSV")
    parser.add_argument("--reason", default="", help="why this model, and why at this threshold")
    parser.add_argument(
        "--threshold",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="of those shown; else the manifest's",
    )
    parser.add_argument("--report", type=Path, metavar="FILE.pdf|.json", help="write it signed")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    _add_precision(parser)
    _add_database(parser)
    parser.set_defaults(
        act=lambda chosen: run_models_accept(
            Accepting(
                chosen.folder,
                chosen.labels,
                chosen.reason,
                chosen.threshold,
                chosen.report,
                chosen.device,
                chosen.database,
                chosen.precision,
            )
        )
    )


def _add_models(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(required=True)
    listing = acts.add_parser("list", help="installed models and those set aside")
    listing.set_defaults(act=lambda _chosen: run_models_list())
    check = acts.add_parser("check", help="all that can be wrong with a package")
    check.add_argument("folder", type=Path, metavar="DIR|ZIP")
    check.set_defaults(act=lambda chosen: run_models_check(chosen.folder))
    add = acts.add_parser("install", help="check a package and put it among your own models")
    add.add_argument("source", type=Path, metavar="DIR|ZIP")
    add.set_defaults(act=lambda chosen: run_models_install(chosen.source))
    take_in = acts.add_parser("import", help="a package of a bare ONNX classifier")
    take_in.add_argument("network", type=Path, metavar="MODEL.onnx")
    take_in.add_argument("--out", type=Path, required=True, metavar="DIR")
    take_in.add_argument("--metadata", type=Path, metavar="JSON", help="MONAI's metadata.json")
    take_in.add_argument(
        "--answers", type=Path, metavar="JSON", help="what the network does not say"
    )
    take_in.set_defaults(
        act=lambda chosen: run_models_import(
            chosen.network, chosen.out, chosen.metadata, chosen.answers
        )
    )
    measure = acts.add_parser(
        "evaluate", help="accuracy on labelled images, by the viewer's own path"
    )
    measure.add_argument("folder", type=Path, metavar="PACKAGE")
    measure.add_argument("--labels", type=Path, required=True, metavar="CSV")
    measure.add_argument("--json", type=Path, required=True, metavar="OUT")
    measure.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    _add_accept(acts.add_parser("accept", help="accept a model on the site's own labelled images"))
    told = acts.add_parser("report", help="the signed acceptance report in force, as PDF or JSON")
    told.add_argument("folder", type=Path, metavar="PACKAGE")
    told.add_argument("--out", type=Path, required=True, metavar="FILE.pdf|.json")
    _add_precision(told)
    _add_database(told)
    told.set_defaults(
        act=lambda chosen: run_models_report(
            chosen.folder, chosen.out, chosen.database, chosen.precision
        )
    )
    _add_precision(measure)
    _add_as_shipped(measure, "measure")
    measure.set_defaults(
        act=lambda chosen: run_models_evaluate(
            chosen.folder,
            chosen.labels,
            chosen.json,
            chosen.device,
            chosen.as_shipped,
            chosen.database,
            chosen.precision,
        )
    )
