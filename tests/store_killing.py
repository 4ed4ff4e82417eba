"""kill -9 against the store: a program that decides and acknowledges, killed at any moment, then looked at."""

import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from builders import study

from viewer.store.audit_check import check_log
from viewer.store.audit_log import Anchor, AuditLog
from viewer.store.cases import CaseStore
from viewer.store.database import anchor_path, open_database

WRITER = """
import sys
from pathlib import Path
from builders import NOON, ai_finding, run, study
from viewer.review.audit import Actor, AuditKind
from viewer.review.decision import confirm, override
from viewer.review.events import Decided, RunRecorded
from viewer.store.audit_log import Anchor, AuditLog
from viewer.store.cases import CaseStore
from viewer.store.database import anchor_path, open_database

path = Path(sys.argv[1])
print("started", flush=True)
who = Actor("li", "Dr Li", "WS-1", sys.argv[2])
engine = open_database(path)
log = AuditLog(engine, Anchor(anchor_path(path, path.parent)), lambda: who)
log.note(AuditKind.START)
store = CaseStore(engine, log)
case = store.load(study())
if not case.history:
    event = RunRecorded(run(ai_finding()), NOON)
    store.append(study(), event, 0)
    case.apply(event)
while True:
    number = len(case.history)
    make = confirm if number % 2 else override
    event = Decided(make(ai_finding(), f"Dr Li {number}", NOON))
    store.append(study(), event, number)
    case.apply(event)
    print(number, flush=True)
"""
"""Decides as the program does: check, append with what was seen, apply, then acknowledge on the screen."""


@dataclass(frozen=True)
class Killed:
    """One run: the number of the last decision acknowledged (None: none was), and of the last stored."""

    acknowledged: int | None
    stored: int
    after_s: float
    sentences: tuple[str, ...]

    @property
    def lost(self) -> bool:
        """Whether a decision that was acknowledged is not there, or the log does not hold."""
        return bool(self.sentences) or (self.acknowledged or 0) > self.stored


def kill_once(
    path: Path, number: int, dice: random.Random, longest_s: float, decisions: int = 0
) -> Killed:
    """Start the writer on `path`, kill it a random time after so many decisions, open the database and look."""
    tests = Path(__file__).parent
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tests), str(tests.parent)])}
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), f"instance-{number}"],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    ) as writer:
        assert writer.stdout is not None
        heard = [writer.stdout.readline() for _line in range(1 + decisions)]
        wait = dice.uniform(0, longest_s)
        time.sleep(wait)
        writer.send_signal(signal.SIGKILL)
        assert writer.wait() == -signal.SIGKILL, "the writer ended by itself"
        heard += writer.stdout.read().splitlines()
        said = [line for line in heard if line.strip().isdigit()]
    return _look(path, int(said[-1]) if said else None, wait)


def _look(path: Path, acknowledged: int | None, wait: float) -> Killed:
    engine = open_database(path)
    log = AuditLog(engine, Anchor(anchor_path(path, path.parent)))
    case = CaseStore(engine, log).load(study())
    readers = [event.decision.reader for event in case.history[1:]]  # type: ignore[union-attr]
    gaps = () if readers == [f"Dr Li {n + 1}" for n in range(len(readers))] else ("a gap",)
    sentences = (*check_log(log).sentences, *gaps)
    engine.dispose()
    return Killed(acknowledged, len(readers), wait, sentences)
