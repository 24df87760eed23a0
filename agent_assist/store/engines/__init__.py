"""One module per engine: in memory, SQLite, PostgreSQL, and what a connection to a server needs."""
