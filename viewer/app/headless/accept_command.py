"""`secondread models accept` and `models report`: a site's acceptance without the window, signed all the same."""

import getpass
import platform
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from viewer.app.acceptance import MEANING, Measured, accepted, measured_on, write_acceptance
from viewer.app.accounts import proved_administrator
from viewer.app.headless.audit_command import existing_place
from viewer.app.headless.evaluate_command import checked_package, figure_words, of_precision
from viewer.app.headless.site_word import word_of
from viewer.app.operating_points import at_point
from viewer.app.settings import SETTINGS_NAME, Settings
from viewer.app.verify_stored import opened_log
from viewer.base.errors import LoginError, WorkflowError
from viewer.base.i18n import _
from viewer.base.paths import settings_folder
from viewer.inference.model_package import ModelPackage, read_package
from viewer.inference.session import Device, SessionPool
from viewer.review.acceptance import ThresholdRow
from viewer.review.audit import Actor
from viewer.review.site_model import model_key
from viewer.store.audit_log import AuditLog
from viewer.store.site_models import SiteModelStore
from viewer.store.users import User, UserStore

OK = 0


@dataclass(frozen=True)
class Accepting:
    """What is to be accepted. reason: "" shows the figures and the thresholds to choose from, no more.

    thresholds: `key=value`, of those shown; a finding that is not named takes the manifest's.
    report: file to write the signed report to (.pdf or .json), or None. precision: "full" or "int8", ""
    for what runs here.
    """

    folder: Path
    table: Path
    reason: str
    thresholds: Sequence[str]
    report: Path | None
    device: str
    database: str
    precision: str = ""


def run_models_accept(asked: Accepting) -> int:
    """Measure, show, ask for an administrator's user name and password, then switch the model on.

    Name and password are asked on the terminal, the password without echo, or read from two lines of the
    standard input where that is no terminal. Raises ModelError, FileProblem, WorkflowError for what is not
    usable or not measured, LoginError where the signer is none, StoreError; then nothing changes.
    """
    package = checked_package(asked.folder)
    with opened_log(existing_place(asked.database)) as opened:
        settings = Settings(settings_folder() / SETTINGS_NAME).values
        site = word_of(opened, settings)
        point = site.settings.inference.operating_point
        package = of_precision(package, asked.precision, site.precision(asked.device))
        pool, device = SessionPool(), Device(asked.device)
        found = measured_on(at_point(package, point), asked.table, pool, device, _progress)
        chosen = chosen_thresholds(found, asked.thresholds)
        sys.stdout.write(_figures(found, chosen))
        if not asked.reason:
            words = _(
                "Nothing was accepted. --reason TEXT accepts the model at the thresholds marked *."
            )
            sys.stdout.write(words + "\n")
            return OK
        user = _signer(opened)
        report, decision = accepted(found, chosen, asked.reason, user)
        log = _log_of(opened, Actor(user.name, user.printed_name, platform.node()))
        SiteModelStore(log).record(decision, report)
        said = _("Accepted and switched on by {name}. Acceptance report SHA-256 {sha}")
        sys.stdout.write(said.format(name=user.printed_name, sha=report.sha256) + "\n")
        if asked.report is not None:
            _write(log, package, asked.report)
    return OK


def run_models_report(folder: Path, out: Path, database: str, precision: str = "") -> int:
    """Write the acceptance report in force of a package as PDF or JSON. Raises ModelError, ExportError."""
    package = read_package(folder)
    with opened_log(existing_place(database)) as opened:
        settings = Settings(settings_folder() / SETTINGS_NAME).values
        here = word_of(opened, settings).precision(settings.inference.device)
        package = of_precision(package, precision, here)
        who = Actor(user=f"{getpass.getuser()} (shell)", workstation=platform.node())
        _write(_log_of(opened, who), package, out)
    return OK


def _write(log: AuditLog, package: ModelPackage, out: Path) -> None:
    store = SiteModelStore(log)
    write_acceptance(store, log, store.decided().get(model_key(package.algorithm)), package, out)
    sys.stdout.write(_("Written to {path}.").format(path=out) + "\n")


def chosen_thresholds(found: Measured, stated: Sequence[str]) -> dict[str, float]:
    """By finding key, those stated, else the manifest's; of findings there was something to choose for.

    Raises WorkflowError for one that is not among those measured.
    """
    own = found.package.manifest.operating_point.thresholds
    chosen = {key: own[key] for key, rows in found.rows.items() if rows}
    for text in stated:
        key, _equals, value = text.partition("=")
        match = [row.threshold for row in found.rows.get(key, ()) if f"{row.threshold:g}" == value]
        if not match:
            raise WorkflowError(_not_measured(found, text))
        chosen[key] = match[0]
    return chosen


def _not_measured(found: Measured, text: str) -> str:
    there = "; ".join(
        f"{key}={row.threshold:g}" for key, rows in found.rows.items() for row in rows
    )
    words = _("{text} is no threshold that was measured. There are: {there}")
    return words.format(text=text, there=there or _("none"))


def _figures(found: Measured, chosen: Mapping[str, float]) -> str:
    algorithm = found.package.algorithm
    head = f"{algorithm.name} {algorithm.version}\n  SHA-256 {algorithm.sha256}\n"
    rows = [
        _row(key, row, row.threshold == chosen.get(key))
        for key, rows in found.rows.items()
        for row in rows
    ]
    return head + figure_words(found.figures) + "".join(rows)


def _row(key: str, row: ThresholdRow, chosen: bool) -> str:
    return f"{'*' if chosen else ' '} {key}={row.threshold:g}: {row.rates}\n"


def _signer(log: AuditLog) -> User:
    """The administrator who signs; every wrong password and every refusal is recorded. Raises LoginError."""
    who = Actor(user=f"{getpass.getuser()} (shell)", workstation=platform.node())
    recording = _log_of(log, who)
    users = UserStore(recording)
    if not users.all():
        raise LoginError(
            _("There is no account yet: sign a report in the window first, which makes one.")
        )
    sys.stdout.write(f"{_(MEANING)}\n")
    return proved_administrator(users, recording, _credentials(), "accept a model")


def _credentials() -> tuple[str, str]:
    """User name and password; from a terminal without echo, never from an argument."""
    if sys.stdin.isatty():
        sys.stderr.write(_("User name of an administrator: "))
        sys.stderr.flush()
        return sys.stdin.readline().strip(), getpass.getpass(_("Password: "))
    name, password = sys.stdin.readline(), sys.stdin.readline()
    if not password:
        raise LoginError(_("User name and password are read from two lines of the standard input."))
    return name.strip(), password.rstrip("\r\n")


def _log_of(log: AuditLog, who: Actor) -> AuditLog:
    return AuditLog(log.engine, log.anchor, lambda: who)


def _progress(share: float) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{share:.0%} ")
