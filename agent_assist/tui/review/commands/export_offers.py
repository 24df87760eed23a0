"""Writing what the review shows into a file: asked for in a dialog, done in its own worker, stopped with Escape."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from agent_assist.errors import AgentAssistError
from agent_assist.locale import _
from agent_assist.tui.background import SerialWorker
from agent_assist.tui.review.filter_input import describe

if TYPE_CHECKING:
    from agent_assist.tui.review.screen import ReviewScreen


async def export(screen: "ReviewScreen") -> None:
    """Write the offers that meet the conditions into a file."""
    screen.run_command(_ask_and_export(screen))


async def _ask_and_export(screen: "ReviewScreen") -> None:
    from agent_assist.tui.review.dialogs.export_form import ExportScreen  # loaded when it is first opened

    state, services = screen.state, screen.services
    words = _(", ").join(describe(state.filter_input, state.titles)) or _("all offers")
    count = f"{state.totals.count:,}" if state.totals else "…"
    name = f"offers-{services.clock().astimezone(services.tz):%Y%m%d-%H%M}.xlsx"
    answer = await screen.ask(ExportScreen(_("{count} offers: {which}", count=count, which=words), Path.cwd() / name))
    if answer is None:
        return
    path, form = answer
    screen.run_worker(_export(screen, path, form), group="export")


async def _export(screen: "ReviewScreen", path: Path, form: str) -> None:
    from agent_assist.services.export_job import ExportJob, Stopped, format_of  # loaded with the first export

    state, services = screen.state, screen.services
    screen.stop_export, state.export_done = False, (0, state.totals.count if state.totals else 0)
    screen.show_head()

    def progress(done: int, total: int) -> None:
        state.export_done = (done, total)

    exporting = ExportJob(
        services.context, state.offer_filter, progress=progress, is_stopped=lambda: screen.stop_export
    )
    worker, showing = SerialWorker(), screen.set_interval(0.2, partial(screen.unless_over, screen.show_head))
    try:
        written = await worker.do(lambda: exporting.to(path, format_of(path, form)))
    except Stopped as stopped:
        screen.notify_user(str(stopped), "warning")
        return
    except AgentAssistError as error:
        screen.notify_user(str(error), "error", 10)
        return
    finally:
        showing.stop()
        worker.shutdown(lambda: None)
        state.export_done = None
        if screen.is_asking:
            screen.show_head()
            screen.show_footer()
    messages = [_("Written: {file}, {offers} offers.", file=str(written.path), offers=f"{written.offers:,}")]
    if written.sheets > 1:
        messages.append(
            _("A sheet holds no more rows than 1,048,576: the offers are on {count} sheets.", count=written.sheets)
        )
    if written.head_file:
        messages.append(_("The head of the log lies beside it: {name}", name=written.head_file.name))
    screen.notify_user("\n".join(messages), seconds=12)
