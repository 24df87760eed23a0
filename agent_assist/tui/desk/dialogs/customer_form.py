"""Who the customer of a chat is: name, form of address, order, tier, and the language they are answered in."""

from collections.abc import Iterable, Mapping

from textual.widget import Widget

from agent_assist.chats import Customer
from agent_assist.cleaning import clean_line
from agent_assist.locale import _
from agent_assist.tui.forms.choice import RadioRow
from agent_assist.tui.forms.field import FormField, ParsedAnswer
from agent_assist.tui.forms.form import FormScreen
from agent_assist.tui.forms.line_input import LineInput
from agent_assist.tui.text.labels import LANGUAGE_NAMES


class CustomerScreen(FormScreen[Customer | None]):
    """Answers with the customer as typed, or None when it was left. `is_new` words the dialog for a fresh chat."""

    def __init__(self, customer: Customer, *, is_new: bool = False) -> None:
        super().__init__()
        self.customer = customer
        self.is_new = is_new

    @property
    def heading(self) -> str:
        if self.is_new:
            return _("New chat")
        return _("Customer: {name}", name=self.customer.name) if self.customer.name else _("Customer")

    @property
    def accept_label(self) -> str:
        return _("Open") if self.is_new else _("Save")

    def fields(self) -> Iterable[Widget]:
        customer = self.customer
        yield FormField("name", _("Name"), LineInput(customer.name, example=_("Ms Li, 王女士")), parse=_name)
        yield FormField("title", _("Form of address"), LineInput(customer.title, example=_("Ms, Mr, Dr")))
        yield FormField("order", _("Order"), LineInput(customer.order, example="A20931"))
        yield FormField("tier", _("Tier"), LineInput(customer.tier, example="VIP"))
        names = {lang: _(name) for lang, name in LANGUAGE_NAMES.items()}
        names.setdefault(customer.language, customer.language)
        yield FormField("language", _("Replies in"), RadioRow([*names.items()], customer.language))

    def first_field(self) -> FormField:
        return self.field("name")

    def submit(self, answers: Mapping[str, str]) -> None:
        self.dismiss(Customer(**{name: clean_line(text) for name, text in answers.items()}))


def _name(text: str) -> ParsedAnswer:
    if not text.strip():
        return ParsedAnswer("", _("Without a name, replies that greet will ask for it."))
    return ParsedAnswer(text.strip())
