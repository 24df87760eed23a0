"""What can be chosen in the incident form, labelled in the interface language and found by words of both languages."""

from collections.abc import Mapping, Sequence

from agent_assist.incidents.catalogue import EFFECTS, Audience, Catalogue, Place, Service
from agent_assist.incidents.fact_choices import FactChoice
from agent_assist.incidents.impact import EFFECT_LABELS, SHARE_LABELS, SHARE_WORDS
from agent_assist.locale import _, current
from agent_assist.tui.forms.type_ahead import TypedOption, matching


def service_options(catalogue: Catalogue) -> list[TypedOption]:
    """Return the services of the catalogue; the value is the id."""
    return [_named(service, service.id) for service in catalogue.services]


def who_options(catalogue: Catalogue) -> list[TypedOption]:
    """Return groups, regions and platforms; the value is the code of `impact.parse_who`."""
    return [
        *(_named(audience, audience.id) for audience in catalogue.audiences),
        *(_named(region, f"region:{region.id}") for region in catalogue.regions),
        *(_named(platform, f"platform:{platform.id}") for platform in catalogue.platforms),
    ]


def effect_options() -> list[TypedOption]:
    """Return the effects, the worst first."""
    return [TypedOption(effect, _(EFFECT_LABELS[effect])) for effect in EFFECTS]


def share_options() -> list[TypedOption]:
    """Return the shares that are no number."""
    return [TypedOption(code, _(label), SHARE_WORDS[code]) for code, label in SHARE_LABELS.items()]


def choice_options(choices: Mapping[str, FactChoice]) -> list[TypedOption]:
    """Return kinds of cause, actions or preventions."""
    return [TypedOption(code, _(choice.label), choice.words) for code, choice in choices.items()]


def label_of(value: str, options: Sequence[TypedOption]) -> str:
    """Return the label of a value, or of a name or word that means exactly one option; another text stays."""
    for option in options:
        if option.value == value:
            return option.label
    best = matching(value, options)
    return best[0].label if best and best[0].rank(value.casefold().strip()) == 0 else value


def _named(entry: Service | Audience | Place, value: str) -> TypedOption:
    label = entry.name.get(current()) or next(iter(entry.name.values()))
    others = (name for name in entry.name.values() if name != label)
    return TypedOption(value, label, (*others, entry.id, *entry.words))
