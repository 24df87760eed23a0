"""Where an export goes and in which format. It only asks; a file that exists is named before it is replaced."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from textual import on
from textual.widget import Widget

from agent_assist.cleaning import clean_line
from agent_assist.errors import Refused
from agent_assist.files import Unusable, expanded, is_folder, is_there, reason
from agent_assist.locale import _
from agent_assist.offers.export import EXPORT_FORMATS
from agent_assist.tui.forms.choice import RadioRow
from agent_assist.tui.forms.field import FormField, ParsedAnswer
from agent_assist.tui.forms.form import FormScreen
from agent_assist.tui.forms.line_input import LineInput
from agent_assist.tui.forms.paragraph import Paragraph


class ExportScreen(FormScreen[tuple[Path, str] | None]):
    """Answers with the file and the format; None when it was left. `about` says what will be written."""

    def __init__(self, about: str, path: Path, *, typed: Mapping[str, str] | None = None, problem: str = "") -> None:
        super().__init__(typed=typed, problem=problem)
        self.about = about
        self.path = path

    @property
    def heading(self) -> str:
        return _("Export")

    @property
    def accept_label(self) -> str:
        return _("Write")

    def fields(self) -> Iterable[Widget]:
        yield Paragraph(self.about, classes="dialog-text")
        labels = {"xlsx": "XLSX (Excel)", "csv": "CSV", "json": "JSON"}
        kinds = [(name, labels[name]) for name in ("xlsx", "csv", "json")]
        chosen = self.typed.get("format") or self.path.suffix.removeprefix(".") or "xlsx"
        why = _("XLSX and CSV are tables for people; JSON holds everything and can be checked against.")
        yield FormField("format", _("Format"), RadioRow(kinds, chosen), why=why)
        yield FormField("file", _("File"), LineInput(self.typed.get("file", str(self.path))), parse=self._parse_file)

    def first_field(self) -> FormField:
        return self.shown_fields[0]

    @on(FormField.Changed)
    def _format_changed(self, event: FormField.Changed) -> None:
        """The name follows the format."""
        if event.field.name == "format":
            line = self.field("file").control
            path = Path(line.text or "offers")
            if isinstance(line, LineInput) and path.name and path.suffix.removeprefix(".") in (*EXPORT_FORMATS, ""):
                line.value = str(path.with_suffix(f".{self.field('format').text}"))

    def submit(self, answers: Mapping[str, str]) -> None:
        self.dismiss((_path(answers["file"]), answers["format"]))

    def action_back(self) -> None:
        """Nothing that is typed here is worth a question."""
        self.dismiss(None)

    def _parse_file(self, text: str) -> ParsedAnswer:
        if not text.strip():
            raise Refused(_("The file needs a name."), hint=_("For example offers.xlsx."))
        path = _path(text)
        no_folder = path if is_folder(path) else path.parent
        if no_folder == path or not is_folder(no_folder):
            raise Refused(_("There is no folder {folder}.", folder=clean_line(str(no_folder))))
        return ParsedAnswer(text.strip(), _("This file exists and will be replaced.") if is_there(path) else "")


def _path(text: str) -> Path:
    """Return the absolute path that was typed. Raises Refused."""
    try:
        return expanded(Path(text.strip()))
    except Unusable as error:
        raise Refused(reason(error)) from error
