"""What an offer gives, in words of the interface language; command line, desk and review all say it like this."""

from agent_assist.locale import current
from agent_assist.offers.offer import Entry, NewOffer, Offer


def describe_given(offer: Offer | Entry | NewOffer) -> str:
    """Return what is given: "20 元", "7 天", "a gift box", "¥20 + 7 days"; "" when nothing is, as by an approval."""
    thing = offer.text("thing") if isinstance(offer, Entry) else offer.thing
    values = [value.display(current()) for value in (offer.money, offer.duration) if value is not None]
    return " + ".join([*values, thing] if thing else values)
