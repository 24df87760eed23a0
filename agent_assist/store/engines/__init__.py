"""One module per engine (memory, SQLite, PostgreSQL), and what a connection to a server needs."""
