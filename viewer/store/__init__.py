"""Cases in a database (SQLAlchemy, embedded SQLite): appended before they take effect, never overwritten."""
