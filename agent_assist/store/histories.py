"""Whole histories of offers in SQL, a batch at a time: what an export reads without holding up those who write."""

from sqlalchemy import select
from sqlalchemy.engine import Connection

from agent_assist.offers import Entry, OfferFilter
from agent_assist.store import ledger, review_queries
from agent_assist.store.schema import offer_entries


def after(connection: Connection, wanted: OfferFilter, after_seq: int, limit: int) -> tuple[Entry, ...]:
    """Every entry of the next `limit` wanted offers made after `after_seq`, by offer and then by `seq`."""
    made = review_queries.made.c.seq
    seqs = connection.scalars(
        review_queries.wanted_seqs(connection, wanted).where(made > after_seq).order_by(made).limit(limit)
    ).all()
    if not seqs:
        return ()
    of_them = select(offer_entries).where(offer_entries.c.offer_seq.in_(seqs))
    rows = connection.execute(of_them.order_by(offer_entries.c.offer_seq, offer_entries.c.seq)).all()
    return tuple(ledger.read(connection, rows))
