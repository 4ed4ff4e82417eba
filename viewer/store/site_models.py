"""SiteModelStore: what the site decided about its models, and the acceptance reports that rests on."""

import json

from sqlalchemy import insert, select

from viewer.base.errors import StoreError
from viewer.base.i18n import _
from viewer.review.acceptance import Acceptance
from viewer.review.audit import AuditKind
from viewer.review.canonical import canonical_json, from_plain, to_plain
from viewer.review.site_model import SiteModel, last_of_each
from viewer.store.audit_log import AuditLog, reading
from viewer.store.schema import acceptances, site_models


class SiteModelStore:
    """The decisions of one database, in their order; nothing is updated or deleted."""

    def __init__(self, log: AuditLog) -> None:
        self._log = log

    def decided(self) -> dict[str, SiteModel]:
        """The decision that counts, by model key. Raises StoreError for one changed outside the program."""
        query = select(site_models.c.decision).order_by(site_models.c.id)
        with reading(self._log.engine) as connection:
            rows = connection.execute(query).scalars().all()
        return last_of_each(_read(row) for row in rows)

    def record(self, decision: SiteModel, acceptance: Acceptance | None = None) -> None:
        """Keep a decision, the report it rests on, and their audit record, all or nothing.

        Raises StoreError where it cannot be written.
        """
        with self._log.writing() as act:
            if acceptance is not None:
                report = canonical_json(to_plain(acceptance))
                act.connection.execute(
                    insert(acceptances).values(sha256=acceptance.sha256, report=report)
                )
            text = canonical_json(to_plain(decision))
            act.connection.execute(insert(site_models).values(decision=text))
            act.note(AuditKind.MODEL_CHANGE, detail=_told(decision))

    def acceptance(self, sha256: str) -> Acceptance | None:
        """The acceptance report of that hash; None where there is none.

        Raises StoreError where it does not match its hash.
        """
        query = select(acceptances.c.report).where(acceptances.c.sha256 == sha256)
        with reading(self._log.engine) as connection:
            found = connection.execute(query).scalar()
        if found is None:
            return None
        try:
            report: Acceptance = from_plain(json.loads(found), Acceptance)
        except (ValueError, KeyError, TypeError, ExceptionGroup) as error:
            raise StoreError(
                _("The acceptance report was changed outside the program and cannot be relied on.")
            ) from error
        return report


def _read(row: str) -> SiteModel:
    try:
        decision: SiteModel = from_plain(json.loads(row), SiteModel)
    except (ValueError, KeyError, TypeError, ExceptionGroup) as error:
        raise StoreError(
            _("A decision on a model was changed outside the program; verify the audit log.")
        ) from error
    return decision


def _told(decision: SiteModel) -> dict[str, str]:
    algorithm = decision.algorithm
    chosen = {f"threshold {key}": f"{value:g}" for key, value in decision.thresholds.items()}
    return {
        "model": f"{algorithm.model_id} {algorithm.version}",
        "model_sha256": algorithm.sha256,
        "state": decision.state.value,
        "reason": decision.reason,
        "acceptance_sha256": decision.acceptance_sha256,
        **chosen,
    }
