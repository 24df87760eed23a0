"""The roles a person has: an agent answers customers; a lead also decides offers, sets the policy and erases data."""

from typing import Literal, get_args

Role = Literal["agent", "lead"]
ROLES: tuple[Role, ...] = get_args(Role)
