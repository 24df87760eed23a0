"""Other people's work in the same home while the desk is open: facts, offers, decisions, chats, phrasebook files.

It goes through the same use cases as theirs, on a connection of its own, in a thread: what waits for the database holds
up nobody who reads the terminal.
"""

import queue
import random
import threading
from pathlib import Path

import msgspec

from agent_assist.chats import Customer
from agent_assist.errors import AgentAssistError
from agent_assist.services import Services, new_op_id
from agent_assist.settings import Settings, shipped_phrasebooks
from tests.tui.fuzz.actions import Action

PHRASE = """
[[phrase]]
id = "fuzz-{place}"
kind = "{kind}"
title = {{ zh = "模糊 {number}", en = "Fuzz {number}" }}
[phrase.text]
zh = "{{{{ customer.name }}}}，{{{{ incident.scope }}}}，第 {number} 次，{{{{ 数 }}}}。"
en = "Hi {{{{ customer.name }}}}, {{{{ incident.eta }}}}, number {number}, {{{{ 数 }}}}."
"""

BROKEN_BOOKS = ("[[phrase", "[[phrase]]\nid = 3\n", "\xff", "", "[[phrase]]\nid='x'\ntitle='{{'\ntext='{% if %}'\n")


class Outside:
    """Does one thing after the other; `wait` lets them finish. Failures that no rule explains are kept in `crashes`."""

    def __init__(self, home: Path, agent: str, language: str) -> None:
        self.home = home
        settings = Settings(
            home=home,
            database=f"sqlite:///{home / 'desk.db'}",
            agent=agent,
            language=language,  # type: ignore[arg-type]
            phrasebooks=(shipped_phrasebooks(),),
        )
        self._desk = Services(settings)
        self._lead = Services(msgspec.structs.replace(settings, agent="老周", role="lead"), store=self._desk.store)
        self._colleague = Services(
            msgspec.structs.replace(settings, agent="小陈", role="agent"), store=self._desk.store
        )
        self.crashes: list[str] = []
        self.refused: list[str] = []
        self.done = 0
        self._tasks: queue.Queue[Action | None] = queue.Queue()
        self._thread = threading.Thread(target=self._run, name="outside", daemon=True)
        self._thread.start()

    def do(self, action: Action) -> None:
        """Hand in one thing to be done."""
        if self._tasks.qsize() < 20:  # what cannot keep up is left out rather than done long after
            self._tasks.put(action)

    def close(self) -> None:
        """Finish what was handed in and let go of the database."""
        self._tasks.put(None)
        self._thread.join(30)
        self._desk.close()

    def _run(self) -> None:
        while (action := self._tasks.get()) is not None:
            try:
                getattr(self, f"_{action.name}")(random.Random(action.number))
                self.done += 1
            except AgentAssistError as error:
                self.refused.append(f"{action.name}: {error}")  # by a rule, as people are
            except Exception as error:  # a fault of the core, to be reported with the run's result
                self.crashes.append(f"{action.name} {action.number}: {error!r}")

    def _facts(self, chosen: random.Random) -> dict[str, str]:
        typed = {
            "title": chosen.choice(["支付失败", "登录故障", "消息延迟"]),
            "title.en": "Something is down",
            "scope": f"约 {chosen.randint(1, 99)}% 的用户",
            "eta": chosen.choice(["", "+30m", "-5m", "+2h"]),
            "status": chosen.choice(["investigating", "identified", "monitoring"]),
            "services": "网页, App",
            "cause": chosen.choice(["", "数据库", "x" * 400]),
            "next_update": chosen.choice(["", "+10m"]),
        }
        return dict(chosen.sample(sorted(typed.items()), chosen.randint(1, len(typed))))

    def _incident(self, chosen: random.Random) -> None:
        if len(self._desk.store.incidents(open_only=True)) < 6:
            self._lead.open_incident({"title": "又一个故障", **self._facts(chosen)})

    def _update(self, chosen: random.Random) -> None:
        found = self._desk.store.incidents(open_only=True)
        if found:
            self._lead.update_incident(chosen.choice(found).id, self._facts(chosen))

    def _resolve(self, chosen: random.Random) -> None:
        found = self._desk.store.incidents(open_only=True)
        if len(found) > chosen.randint(0, 2):
            self._lead.update_incident(chosen.choice(found).id, {"status": "resolved"})

    def _offer(self, chosen: random.Random) -> None:
        incident = self._desk.incident()
        typed = {
            "kind": chosen.choice(["coupon", "refund", "credit"]),
            "amount": str(chosen.choice([5, 20, 300, 9000])),
            "sentence": "送您一张券。",
            "customer": chosen.choice(["王女士", "Li Wei", f"客户{chosen.randint(1, 50)}"]),
        }
        by = chosen.choice([self._desk, self._colleague, self._lead])
        by.compensation.add(
            by.compensation.new_offer(typed, op_id=new_op_id(), incident_id=incident.id if incident else "")
        )

    def _decide(self, chosen: random.Random) -> None:
        waiting = [offer for offer in self._desk.store.offers() if offer.state in ("pending", "offered")][:20]
        if waiting:
            action = chosen.choice(["approved", "declined", "voided", "delivered"])
            self._lead.compensation.decide(action, chosen.choice(waiting).id, op_id=new_op_id(), note="看过")  # type: ignore[arg-type]

    def _chat(self, chosen: random.Random) -> None:
        chats = self._desk.chats()
        if len(chats) > chosen.randint(4, 12):
            self._desk.close_chat(chosen.choice(chats))
        else:
            self._desk.keep(self._desk.new_chat(Customer(name=f"客户{chosen.randint(1, 99)}"), position=len(chats)))

    def _book(self, chosen: random.Random) -> None:
        kinds = ["apology", "faq", "compensation", "status"]
        count = chosen.choice([1, 3, 60])
        phrases = (
            PHRASE.format(place=place, kind=chosen.choice(kinds), number=chosen.randint(1, 999))
            for place in range(count)
        )
        self._write("".join(phrases))

    def _break_book(self, chosen: random.Random) -> None:
        self._write(chosen.choice(BROKEN_BOOKS))

    def _drop_book(self, _chosen: random.Random) -> None:
        (self.home / "phrasebooks" / "fuzz.toml").unlink(missing_ok=True)

    def _policy(self, chosen: random.Random) -> None:
        text = chosen.choice(["", "broken [", "currency = 3\n"])
        path = self.home / "policy.toml"
        if text:
            path.write_text(text, encoding="utf-8")
        else:
            path.unlink(missing_ok=True)

    def _write(self, text: str) -> None:
        folder = self.home / "phrasebooks"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "fuzz.toml").write_bytes(text.encode("latin-1" if text == "\xff" else "utf-8"))
