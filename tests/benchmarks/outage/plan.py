"""What is played: how many agents, how long, how fast, and what each of them does at which pace.

Every pause is a random length around a mean; the seed and the agent's number decide all of them, so two runs with the
same plan type the same letters. What the machine makes of them differs.
"""

import random
from pathlib import Path
from typing import Literal

import msgspec

Fault = Literal[
    "", "lost-promise", "doubled-promise", "over-limit", "broken-chain", "lost-draft", "lost-reply", "lost-news"
]

LETTER_SECONDS = 0.18
READING_SECONDS = 8.0
CHECKING_SECONDS = 4.0
WAITING_SECONDS = 12.0
"""Means of the pauses: between two letters, before an answer is looked for, before it is sent, before the next one.
Together an answer takes about half a minute."""

DECIDING_SECONDS = 10.0
"""Mean pause of a lead between two looks at what waits."""

EDITED = 0.25
"""Share of the answers that are changed by hand before they are sent."""

MISSED = 0.05
"""Share of the queries that find nothing."""

PROMISING = 0.12
"""Share of the answers that promise something."""

ABOVE_RULE = 0.15
"""Share of the offers that are worth more than the policy's rule allows."""

REPEATED = 0.1
"""Share of the offers to a customer who has one already."""

LEAVING = 0.2
"""Chance after each answer that the chat is closed and the next customer takes its place."""

CHATS = 4
"""Open chats of each agent."""

INCIDENTS = 3
"""Incidents that are open all day."""

AGENTS_PER_LEAD = 50
MEAN_OFFER = 12
"""Units of money; most offers are worth 5 to 20."""

MAX_ALLOWED = 20


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """One outage. `minutes` are minutes of the day that is played, `factor` how many of them pass in a real one."""

    agents: int
    minutes: float
    factor: float
    seed: int
    facts_minutes: float
    """Minutes between two updates of the facts."""
    processes: int
    folder: Path
    url: str
    """Through which the desks connect; each puts its own name into it."""
    password: str = ""
    fault: Fault = ""

    @property
    def leads(self) -> int:
        """How many of the agents are leads: they have their review open, decide and update the facts."""
        return max(1, round(self.agents / AGENTS_PER_LEAD))

    @property
    def seconds(self) -> float:
        """Real seconds of work."""
        return self.minutes * 60 / self.factor

    def chance(self, number: int) -> random.Random:
        """Return the random numbers of one agent."""
        return random.Random(f"{self.seed}-{number}")

    def is_lead(self, number: int) -> bool:
        """Whether this agent is a lead."""
        return number < self.leads

    def name(self, number: int) -> str:
        """Return the account of an agent."""
        return f"主管{number:03}" if self.is_lead(number) else f"客服{number:03}"

    @property
    def offers_expected(self) -> float:
        """About how many offers one agent makes."""
        each = READING_SECONDS + CHECKING_SECONDS + WAITING_SECONDS + 8 * LETTER_SECONDS
        return self.minutes * 60 / each * PROMISING

    def policy(self) -> str:
        """Return a policy whose limits are met in the course of the day, by some agents and some incidents."""
        per_agent = max(2 * MAX_ALLOWED, round(1.8 * MEAN_OFFER * self.offers_expected))
        per_incident = max(3 * MAX_ALLOWED, round(0.7 * MEAN_OFFER * self.offers_expected * self.agents / INCIDENTS))
        return f"""
currency = "CNY"
repeat_needs_approval = true
[limits]
per_customer_and_incident = "{3 * MAX_ALLOWED}"
per_agent_and_day = "{per_agent}"
per_incident = "{per_incident}"
[meanwhile]
zh = "您的补偿我已经提交申请，一有结果马上告诉您。"
[[rule]]
name = "everybody"
allow = {{ coupon = "{MAX_ALLOWED}" }}
"""


PHRASES = """
[[phrase]]
id = "status"
kind = "status"
title = { zh = "处理进展" }
text = { zh = "{{ customer.name }}，您好。登录出现故障是我们的责任，非常抱歉。正在回滚，有进展马上告诉您。" }

[[phrase]]
id = "coupon"
kind = "compensation"
title = { zh = "补偿：优惠券" }
text = { zh = "{{ customer.name }}，耽误了您的事情，我们为您准备了一张优惠券，下次付款时可抵扣。" }
"""
"""The phrasebook of the day: searching and filling ask no server, so two phrases stand for all."""
