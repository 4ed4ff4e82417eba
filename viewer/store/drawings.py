"""DrawingStore: the reader's drawings of each study, kept at every change."""

import json

from sqlalchemy import Engine, insert, select

from viewer.domain.study import Study
from viewer.review.audit import AuditKind
from viewer.review.canonical import canonical_json, from_plain, to_plain
from viewer.review.drawing import Drawing
from viewer.store.audit_log import AuditLog, reading
from viewer.store.cases import case_number, found_case
from viewer.store.lock_rows import keep_lock
from viewer.store.schema import drawings


class DrawingStore:
    """The drawings of one database."""

    def __init__(self, engine: Engine, log: AuditLog | None = None) -> None:
        self._engine = engine
        self._log = log or AuditLog(engine)

    def load(self, study: Study) -> tuple[Drawing, ...]:
        """The drawings of a study as they stand, in the order they were first made."""
        with reading(self._engine) as connection:
            case_id = found_case(connection, study)
            rows = connection.execute(
                select(drawings.c.uid, drawings.c.drawing)
                .where(drawings.c.case_id == case_id)
                .order_by(drawings.c.id)
            ).all()
        latest: dict[str, str | None] = {}
        for uid, text in rows:
            latest[uid] = text
        return tuple(
            from_plain(json.loads(text), Drawing) for text in latest.values() if text is not None
        )

    def save(self, study: Study, uid: str, drawing: Drawing | None) -> None:
        """Keep a drawing, or its removal (None), which is recorded; returns when it is on the disk.

        Raises CaseElsewhere where another reader has the case; then nothing has changed.
        """
        text = None if drawing is None else canonical_json(to_plain(drawing))
        with self._log.writing() as act:
            case_id = case_number(act.connection, study)
            keep_lock(act, case_id, study.uid)
            act.connection.execute(insert(drawings).values(case_id=case_id, uid=uid, drawing=text))
            if drawing is None:
                act.note(AuditKind.DELETE, study.uid, {"drawing": uid})
