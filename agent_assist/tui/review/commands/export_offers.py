"""Writing what the review shows into a file: asked for in a dialog, done in a room of its own, stopped with Escape."""

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
    screen.run_command(_export(screen), group="export")


async def _export(screen: "ReviewScreen") -> None:
    from agent_assist.services.export_job import Exporting, Stopped, format_of
    from agent_assist.tui.review.dialogs.export_form import ExportScreen

    review, services = screen.review, screen.services
    words = _(", ").join(describe(review.asked, review.titles)) or _("all offers")
    count = f"{review.totals.count:,}" if review.totals else "…"
    name = f"offers-{services.clock().astimezone(services.tz):%Y%m%d-%H%M}.xlsx"
    answer = await screen.ask(ExportScreen(_("{count} offers: {which}", count=count, which=words), Path.cwd() / name))
    if answer is None:
        return
    path, form = answer
    screen.stop_export, review.export_done = False, (0, review.totals.count if review.totals else 0)
    screen.show_head()

    def progress(done: int, total: int) -> None:
        review.export_done = (done, total)

    exporting = Exporting(services, review.wanted, progress=progress, is_stopped=lambda: screen.stop_export)
    room, showing = SerialWorker(), screen.set_interval(0.2, partial(screen.unless_over, screen.show_head))
    try:
        written = await room.do(lambda: exporting.to(path, format_of(path, form)))
    except Stopped as stopped:
        screen.notify_user(str(stopped), "warning")
        return
    except AgentAssistError as error:
        screen.notify_user(str(error), "error", 10)
        return
    finally:
        showing.stop()
        room.shutdown(lambda: None)
        review.export_done = None
        if screen.is_asking:
            screen.show_head()
            screen.show_foot()
    told = [_("Written: {file}, {offers} offers.", file=str(written.path), offers=f"{written.offers:,}")]
    if written.beside:
        told.append(_("The head of the log lies beside it: {name}", name=written.beside.name))
    screen.notify_user("\n".join(told), seconds=12)
