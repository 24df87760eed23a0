"""The agent's screen: facts, search, reply and chats."""
