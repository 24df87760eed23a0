"""A team for tests: an owner who is no superuser, two agents and two leads, with accounts of the test's own."""

from pathlib import Path
from typing import Any

import sqlalchemy as sa

from agent_assist.store import Store, open_store, team_accounts
from tests.store.engines import Server

ROLES = ("agent", "lead", "news")


class Team:
    """Accounts belong to the whole server, so each carries the name of its database."""

    def __init__(self, server: Server, home: Path) -> None:
        self.server = server
        self.home = home
        url = sa.make_url(server.empty())
        self.database = url.database or ""
        server.keep(self.database)
        self.account_of_owner = f"owner of {self.database}"
        server.run(f'CREATE ROLE "{self.account_of_owner}" LOGIN CREATEROLE')
        server.run(f'ALTER DATABASE {self.database} OWNER TO "{self.account_of_owner}"')
        self.owner = url.set(username=self.account_of_owner).render_as_string(hide_password=False).replace(" ", "%20")
        self._stores: list[Store] = []
        self._accounts = [self.account_of_owner, *(f"{self.database}_{role}" for role in ROLES)]
        team_accounts.init(self.owner)
        for short in ("小李", "小陈"):
            self.add(short, "agent")
        for short in ("老周", "老王"):
            self.add(short, "lead")
        self._copy = f"{self.database}_copy"
        server.run(f"CREATE DATABASE {self._copy} TEMPLATE {self.database} STRATEGY FILE_COPY")
        (self._rights,) = self._asked("SELECT datacl::text FROM pg_database WHERE datname = %s", self.database)[0]
        self._made_with = self._roles()

    def name(self, short: str) -> str:
        return f"{short} {self.database}"

    def expect(self, name: str) -> None:
        """Another account that goes with this team."""
        self._accounts.append(name)

    def add(self, short: str, role: str) -> team_accounts.NewAccount:
        self.expect(self.name(short))
        return team_accounts.add(self.owner, self.name(short), role)  # type: ignore[arg-type]

    def url(self, short: str) -> str:
        url = sa.make_url(self.owner).set(username=self.name(short))
        return url.render_as_string(hide_password=False).replace(" ", "%20")

    def store(self, short: str) -> Store:
        opened = open_store(self.url(short) if short != "owner" else self.owner, home=self.home)
        self._stores.append(opened)
        return opened

    def begin_anew(self) -> bool:
        """Put the database back as it was made. False when a test changed accounts, which are not in the database."""
        self._leave()
        if self._roles() != self._made_with:
            return False
        self.server.run(f"DROP DATABASE IF EXISTS {self.database} WITH (FORCE)")
        owned = f'CREATE DATABASE {self.database} OWNER "{self.account_of_owner}"'
        self.server.run(f"{owned} TEMPLATE {self._copy} STRATEGY FILE_COPY")
        rights = "UPDATE pg_database SET datacl = %s::aclitem[] WHERE datname = %s"  # a copy does not take them along
        self.server.admin.execute(rights, (self._rights, self.database))
        return True

    def close(self) -> None:
        self._leave()
        self.server.drop()  # databases of the test that its accounts own
        for database in (self.database, self._copy):
            self.server.run(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")
        for name in reversed(self._accounts):  # the owner, who granted everything, last
            quoted = name.replace('"', '""')
            self.server.run(f'DROP ROLE IF EXISTS "{quoted}"')

    def _leave(self) -> None:
        for store in self._stores:
            store.close()
        self._stores.clear()

    def _roles(self) -> list[Any]:
        """All that the server knows of the accounts that go with this team."""
        members = "SELECT array_agg(m.roleid::text ORDER BY m.roleid) FROM pg_auth_members m WHERE m.member = r.oid"
        roles = f"SELECT r.*, ({members}) FROM pg_authid r WHERE r.rolname = ANY(%s) ORDER BY r.rolname"  # noqa: S608
        return self._asked(roles, self._accounts)

    def _asked(self, query: str, *values: object) -> list[Any]:
        return self.server.admin.execute(query, values).fetchall()
