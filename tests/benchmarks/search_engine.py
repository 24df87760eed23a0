"""The search index as an engine for a search evaluation: `build(entries)` takes dicts, `search(query, k)` gives ids."""

from pathlib import Path
from typing import Any

from agent_assist.phrasebook.phrase import Phrase
from agent_assist.search import Index
from agent_assist.search.synonyms import load


class Engine:
    """`agent_assist.search` over entries with id, lang, title, body and tags."""

    def build(self, entries: list[dict[str, Any]]) -> None:
        """Index the entries as phrases."""
        self.index = Index(
            (
                Phrase(id=e["id"], title={e["lang"]: e["title"]}, text={e["lang"]: e["body"]}, tags=tuple(e["tags"]))
                for e in entries
            ),
            synonyms=load([Path(__file__).parents[2] / "phrasebooks"]),
        )

    def search(self, query: str, k: int) -> list[str]:
        """Ids of the best entries."""
        return [hit.phrase.id for hit in self.index.search(query, k)]
