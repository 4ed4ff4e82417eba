"""The tables as they are now. A case is its events in order; nothing is updated or deleted.

`viewer.store.migrations` makes them; a change here needs a new step there.
"""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

metadata = MetaData()

schema_version = Table("schema_version", metadata, Column("version", Integer, nullable=False))

cases = Table(
    "cases",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("study_uid", String(64), nullable=False, index=True),
    Column("patient_key", Text, nullable=False),
    UniqueConstraint("study_uid", "patient_key"),
)
"""One row a study of a patient: the same Study Instance UID under two patients is two cases."""

case_events = Table(
    "case_events",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_id", ForeignKey("cases.id"), nullable=False, index=True),
    Column("event", Text, nullable=False),
    Column("sequence", Integer, nullable=False, server_default=text("0")),
    Index("ux_case_events_sequence", "case_id", "sequence", unique=True),
)
"""event: canonical JSON of one viewer.review.events.CaseEvent. sequence: 1 is the first of its case; unique,
so that two programs cannot both append the next one. The database refuses UPDATE and DELETE."""

heatmaps = Table(
    "heatmaps",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run_uid", String(64), nullable=False, index=True),
    Column("description", Text, nullable=False),
    Column("values", LargeBinary, nullable=False),
)
"""values: zlib of float16, row by row; description: JSON of all other fields of a Heatmap."""

drawings = Table(
    "drawings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_id", ForeignKey("cases.id"), nullable=False, index=True),
    Column("uid", String(64), nullable=False),
    Column("drawing", Text),
)
"""drawing: canonical JSON of a viewer.review.drawing.Drawing, or null where it was removed. The last row
of a uid counts; earlier ones stay."""

case_locks = Table(
    "case_locks",
    metadata,
    Column("case_id", ForeignKey("cases.id"), primary_key=True, autoincrement=False),
    Column("instance", String(64), nullable=False),
    Column("user_name", Text, nullable=False),
    Column("reader", Text, nullable=False),
    Column("workstation", Text, nullable=False),
    Column("since", String(40), nullable=False),
    Column("heartbeat", String(40), nullable=False),
)
"""Who has a case now. instance: of the running program. Times: ISO 8601 in UTC."""

users = Table(
    "users",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(64), nullable=False, unique=True),
    Column("printed_name", Text, nullable=False),
    Column("role", String(16), nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("last_failure", String(40), nullable=False),
)
"""name: as typed at login, case folded. password_hash: argon2id. failures: wrong passwords since the last
right one; last_failure: ISO 8601 in UTC, or "". A user is never deleted, only made inactive."""

audit = Table(
    "audit",
    metadata,
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("at_utc", String(40), nullable=False),
    Column("zone", String(8), nullable=False),
    Column("user_name", Text, nullable=False),
    Column("workstation", Text, nullable=False),
    Column("kind", String(32), nullable=False, index=True),
    Column("study_uid", String(64), nullable=False, index=True),
    Column("detail", Text, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("sha256", String(64), nullable=False),
)
"""The fields of viewer.review.audit.AuditRecord. The database refuses UPDATE and DELETE."""

site_models = Table(
    "site_models",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("decision", Text, nullable=False),
)
"""decision: canonical JSON of a viewer.review.site_model.SiteModel; the last one of a model counts. The
database refuses UPDATE and DELETE."""

acceptances = Table(
    "acceptances",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("sha256", String(64), nullable=False, unique=True),
    Column("report", Text, nullable=False),
)
"""report: canonical JSON of a sealed acceptance report; sha256: of it. The database refuses UPDATE and DELETE."""

shadow_runs = Table(
    "shadow_runs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_id", ForeignKey("cases.id"), nullable=False, index=True),
    Column("run", Text, nullable=False),
)
"""run: canonical JSON of a ModelRun that nobody was shown. The database refuses UPDATE and DELETE."""

site_settings = Table(
    "site_settings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(64), nullable=False),
    Column("value", Text, nullable=False),
)
"""name: section.name of a setting all workstations share; value: as JSON; the last one of a name counts. The
database refuses UPDATE and DELETE."""

openings = Table(
    "openings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_id", ForeignKey("cases.id"), nullable=False, index=True),
    Column("opening", Text, nullable=False),
)
"""opening: canonical JSON of a viewer.review.opening.Opening; written where it differs from those before."""
