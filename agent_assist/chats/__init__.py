"""Chats: one slot for each customer, with everything that must never land in another customer's reply."""

from agent_assist.chats.chat import Chat, Customer, Sent, erased_chat, free_position, new_chat_id, numbered

__all__ = ["Chat", "Customer", "Sent", "erased_chat", "free_position", "new_chat_id", "numbered"]
