"""ShadowStore: runs that nobody was shown, and the signed reports they are compared with."""

import json
from collections.abc import Iterator

from sqlalchemy import insert, select

from viewer.domain.finding import ModelRun
from viewer.domain.study import Study
from viewer.review.audit import AuditKind
from viewer.review.canonical import canonical_json, from_plain, to_plain
from viewer.review.report import SignedReport
from viewer.store.audit_log import AuditLog, reading
from viewer.store.cases import CaseStore, case_number
from viewer.store.schema import shadow_runs


class ShadowStore:
    """The runs in shadow of one database."""

    def __init__(self, log: AuditLog, kept: CaseStore) -> None:
        self._log = log
        self._cases = kept

    def save(self, study: Study, run: ModelRun) -> None:
        """Keep a run; its record names the model and not what it found. Raises StoreError."""
        with self._log.writing() as act:
            case_id = case_number(act.connection, study)
            text = canonical_json(to_plain(run))
            act.connection.execute(insert(shadow_runs).values(case_id=case_id, run=text))
            model = f"{run.algorithm.model_id} {run.algorithm.version}"
            act.note(AuditKind.SHADOW_RUN, study.uid, {"model": model, "state": run.state.value})

    def compared(self) -> Iterator[tuple[ModelRun, SignedReport]]:
        """Each model's last run in shadow on a display set, with the last signed report of its study."""
        runs: dict[tuple[int, str, str], ModelRun] = {}
        query = select(shadow_runs.c.case_id, shadow_runs.c.run).order_by(shadow_runs.c.id)
        with reading(self._log.engine) as connection:
            for row in connection.execute(query):
                run: ModelRun = from_plain(json.loads(row.run), ModelRun)
                runs[row.case_id, run.display_set_uid, run.algorithm.model_id] = run
        reports = dict(self._cases.last_reports_by_case()) if runs else {}
        for (case_id, _place, _model), run in runs.items():
            if case_id in reports:
                yield run, reports[case_id]
