"""Chats as values."""
