"""The use cases of agents and leads, put together from the rooms for both front ends.

Everything that writes for an agent goes through `Services`. What only reads one stored thing asks `services.store`
directly, by the `Store` protocol. The commands of an administrator (`store …`, `team …`) call the rooms of the store
that do their work: `team_accounts`, `transfer`.

`Reply` and `Setting` are loaded when first asked for: they bring templates and checks, which the first screen can do
without.
"""

from typing import TYPE_CHECKING, Any

from agent_assist.op_id import new_op_id
from agent_assist.services.facade import Services

if TYPE_CHECKING:
    from agent_assist.services.make_reply import Reply, Setting

__all__ = ["Reply", "Services", "Setting", "new_op_id"]


if not TYPE_CHECKING:  # the type checker would take every misspelt name for one that is made here

    def __getattr__(name: str) -> Any:
        """Import what `Reply` and `Setting` come from with their first use."""
        if name in ("Reply", "Setting"):
            from agent_assist.services import make_reply  # Liquid and the checks, loaded with the first reply

            return getattr(make_reply, name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
