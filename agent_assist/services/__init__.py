"""The desk: what agents and leads do, put together from the rooms; both front ends call nothing else.

`Reply` and `Setting` are loaded when first asked for: they bring templates and checks, which the first screen can do
without.
"""

from typing import TYPE_CHECKING, Any

from agent_assist.services.facade import Services, new_op_id

if TYPE_CHECKING:
    from agent_assist.services.make_reply import Reply, Setting

__all__ = ["Reply", "Services", "Setting", "new_op_id"]


if not TYPE_CHECKING:  # the type checker would take every misspelt name for one that is made here

    def __getattr__(name: str) -> Any:
        """Import what `Reply` and `Setting` come from with their first use."""
        if name in ("Reply", "Setting"):
            from agent_assist.services import make_reply

            return getattr(make_reply, name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
