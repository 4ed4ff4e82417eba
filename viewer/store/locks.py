"""LockStore: which cases this program may write to, and who has the others."""

from collections.abc import Callable

from viewer.domain.study import Study
from viewer.review.audit import Actor
from viewer.store import lock_rows
from viewer.store.audit_log import AuditLog, reading
from viewer.store.cases import case_number, found_case
from viewer.store.lock_rows import CaseLock


class LockStore:
    """The case locks of one database. who: asked at each act."""

    def __init__(self, log: AuditLog, who: Callable[[], Actor]) -> None:
        self._log = log
        self._who = who

    def take(self, study: Study) -> CaseLock | None:
        """Take the case of a study; returns None, or the lock of the reader who has it."""
        with self._log.writing() as act:
            case_id = case_number(act.connection, study)
            return lock_rows.take(act, case_id, study.uid)

    def take_over(self, study: Study) -> None:
        """Take the case whoever has it; recorded."""
        with self._log.writing() as act:
            lock_rows.take_over(act, case_number(act.connection, study), study.uid)

    def holder(self, study: Study) -> CaseLock | None:
        """The lock of another program on the case of a study, if there is one."""
        with reading(self._log.engine) as connection:
            case_id = found_case(connection, study)
            if case_id is None:
                return None
            return lock_rows.holder(connection, case_id, self._who().instance)

    def release(self, study: Study) -> None:
        """Give the case of a study up."""
        with self._log.writing() as act:
            case_id = found_case(act.connection, study)
            if case_id is not None:
                lock_rows.release(act.connection, self._who().instance, case_id)

    def release_all(self) -> None:
        """Give up every case of this program."""
        with self._log.writing() as act:
            lock_rows.release(act.connection, self._who().instance)

    def beat(self) -> None:
        """Say that this program still lives, and who sits before it."""
        with self._log.writing() as act:
            lock_rows.beat(act.connection, self._who())
