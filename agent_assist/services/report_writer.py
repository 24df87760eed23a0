"""Gathers what a report on an incident is made of: its versions, what was published, the clock, sums of offers."""

from agent_assist.errors import Refused
from agent_assist.incidents import Incident
from agent_assist.incidents.report import OfferSum, ReportFacts, customer_report, internal_report
from agent_assist.incidents.times import utc_offset
from agent_assist.locale import _
from agent_assist.offers import OfferFilter, display_sum
from agent_assist.services.communication import Communication
from agent_assist.services.service_context import ServiceContext


def write_report(
    context: ServiceContext, communication: Communication, incident: Incident, lang: str, *, for_customers: bool = False
) -> str:
    """Return the report in Markdown. May block. Refused for customers while the incident is not over."""
    if for_customers and incident.status != "resolved":
        raise Refused(
            _("{id} is not over, so there is nothing to explain to customers yet.", id=incident.id),
            hint=_("Tell them how it stands: agent-assist incident announce"),
        )
    store, now = context.store, context.clock()
    versions, published = store.versions(incident.id), store.publications([incident.id])
    sums = () if for_customers else store.sums(OfferFilter(incident=incident.id, state="given"), "kind", context.tz)
    facts = ReportFacts(
        versions=versions,
        published=published,
        steps=communication.clock(versions, published),
        offers=tuple(
            OfferSum(each.key, each.count, display_sum(each.minor, each.currency, lang) if each.currency else "")
            for each in sums
        ),
        tz=context.tz,
        zone=utc_offset(incident.started_at.astimezone(context.tz)),
        now=now,
        brand=context.settings.brand.get(lang, ""),
    )
    return customer_report(facts, lang) if for_customers else internal_report(facts, lang)
