"""DrawingStore: the reader's drawings of each study, kept at every change."""

import json

from sqlalchemy import Engine, insert, select
from sqlalchemy.exc import DatabaseError

from viewer.base.errors import StoreError
from viewer.base.i18n import _
from viewer.domain.study import Study
from viewer.review.canonical import canonical_json, from_plain, to_plain
from viewer.review.drawing import Drawing
from viewer.store.cases import case_number
from viewer.store.schema import drawings


class DrawingStore:
    """The drawings of one database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def load(self, study: Study) -> tuple[Drawing, ...]:
        """The drawings of a study as they stand, in the order they were first made."""
        with self._engine.begin() as connection:
            case_id = case_number(connection, study)
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
        """Keep a drawing, or its removal (None); returns when it is on the disk."""
        text = None if drawing is None else canonical_json(to_plain(drawing))
        try:
            with self._engine.begin() as connection:
                case_id = case_number(connection, study)
                connection.execute(insert(drawings).values(case_id=case_id, uid=uid, drawing=text))
        except DatabaseError as error:
            raise StoreError(
                _("The drawing could not be saved ({reason}).").format(reason=error.orig)
            ) from error
