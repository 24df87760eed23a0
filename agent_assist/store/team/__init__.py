"""A team's PostgreSQL database: accounts, roles, and the rules that the database itself enforces."""
