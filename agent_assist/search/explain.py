"""Why a hit is where it is, in words, for `search --explain`."""

from agent_assist.locale import _
from agent_assist.search.hit import Hit
from agent_assist.search.signals import REASONS


def explain(query: str, hit: Hit) -> str:
    """A few sentences: what of the query the phrase explains, where, and which signals helped."""
    reasons: list[str] = []
    evidence = hit.evidence
    if evidence is not None:
        marked = "…".join(hit.phrase.title.get(hit.lang, "")[start:end] for start, end in hit.spans)
        share = round(100 * min(1.0, max(0.0, evidence.aligned)))
        if marked:
            reasons.append(
                _("“{marked}” in the title explains {share}% of “{query}”", marked=marked, share=share, query=query)
            )
        elif evidence.aligned > 0:
            reasons.append(_("keywords or tags explain {share}% of “{query}”", share=share, query=query))
        if evidence.jumps > 0.3:
            reasons.append(_("the matching words stand apart"))
        if evidence.typed > 0.6:
            reasons.append(_("nearly all of the title was typed"))
        if evidence.cosine > 0.5:
            reasons.append(_("it shares the rare words of the search"))
        if evidence.begins:
            reasons.append(_("its title begins with it"))
        if evidence.synonym_cosine > 0.1:
            reasons.append(_("it uses other words for the same thing"))
        if evidence.text > 0.2:
            reasons.append(_("its text holds {share}% of the words", share=round(100 * min(1.0, evidence.text))))
    reasons += [_(REASONS[name]) for name in hit.signals]
    return _("; ").join(reasons) if reasons else _("nothing in particular speaks for it")
