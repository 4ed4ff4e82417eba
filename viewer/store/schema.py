"""The tables. A case is its events in order; nothing is updated or deleted."""

from sqlalchemy import (
    Column,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

SCHEMA_VERSION = 1

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
)
"""event: canonical JSON of one viewer.review.events.CaseEvent."""

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
