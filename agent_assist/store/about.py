"""What engine keeps the store, in its own words: for `doctor`, which asks and changes nothing."""

from pathlib import Path

import msgspec


class About(msgspec.Struct, frozen=True):
    """`journal` is SQLite's journal mode, empty for other engines; `place` is the file, or host and name."""

    engine: str
    version: str
    journal: str
    place: str


def about(url: str, *, home: Path) -> About:
    """Ask the database at this URL. Raises as `open_store` does, NotFound when there is no file yet."""
    from sqlalchemy.engine import make_url

    from agent_assist.cleaning import clean_line
    from agent_assist.store.opening import opened

    store = opened(url, read_only=True, home=home)
    try:
        parsed = make_url(url)
        with store._database.read() as connection:
            if connection.dialect.name == "sqlite":
                version = str(connection.exec_driver_sql("SELECT sqlite_version()").scalar_one())
                journal = str(connection.exec_driver_sql("PRAGMA journal_mode").scalar_one())
                return About("SQLite", version, journal, clean_line(parsed.database or ""))
            version = str(connection.exec_driver_sql("SHOW server_version").scalar_one())
            place = clean_line(parsed.set(query={}).render_as_string(hide_password=True))
            return About("PostgreSQL", clean_line(version), "", place)
    finally:
        store.close()
