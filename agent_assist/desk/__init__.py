"""The desk: what agents and leads do, put together from the rooms; both front ends call nothing else."""

from agent_assist.desk.desk import Desk, new_op_id
from agent_assist.desk.reply import Reply, Setting

__all__ = ["Desk", "Reply", "Setting", "new_op_id"]
