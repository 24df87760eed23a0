"""A team for tests: an owner who is no superuser, two agents and two leads, with accounts of the test's own."""

from pathlib import Path

import sqlalchemy as sa

from agent_assist.store import Store, open_store, team_accounts
from tests.store.engines import Server


class Team:
    """Accounts belong to the whole server, so each carries the name of its database."""

    def __init__(self, server: Server, home: Path) -> None:
        self.server = server
        self.home = home
        url = sa.make_url(server.empty())
        self.database = url.database or ""
        self.account_of_owner = f"owner of {self.database}"
        server.run(f'CREATE ROLE "{self.account_of_owner}" LOGIN CREATEROLE')
        server.run(f'ALTER DATABASE {self.database} OWNER TO "{self.account_of_owner}"')
        self.owner = url.set(username=self.account_of_owner).render_as_string(hide_password=False).replace(" ", "%20")
        self._stores: list[Store] = []
        self._accounts = [self.account_of_owner, f"{self.database}_agent", f"{self.database}_lead"]
        team_accounts.init(self.owner)
        for short in ("小李", "小陈"):
            self.add(short, "agent")
        for short in ("老周", "老王"):
            self.add(short, "lead")

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

    def close(self) -> None:
        for store in self._stores:
            store.close()
        self.server.drop()
        for name in reversed(self._accounts):  # the owner, who granted everything, last
            quoted = name.replace('"', '""')
            self.server.run(f'DROP ROLE IF EXISTS "{quoted}"')
