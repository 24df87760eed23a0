"""A team's PostgreSQL database: names of roles, and the rules that the database itself enforces."""
