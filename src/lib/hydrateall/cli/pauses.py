"""How a paused job is told: why it stopped, and what lets it go on."""

from __future__ import annotations

from hydrateall.cli.output import command_name, console
from hydrateall.hydration.schemas import JobView


def show_pause(view: JobView) -> None:
    """Print the reason of a pause, and when or how it ends."""
    for line in pause_lines(view, command_name()):
        console.print(line, markup=False, soft_wrap=True)


def pause_lines(view: JobView, command: str) -> list[str]:
    """The reason, and when or by which command the job goes on."""
    resume = f"{command} jobs resume {view.job_id}"
    reason = (view.error_message or "No reason was given.").replace("hydrateall jobs resume JOB", resume)
    if view.paused_until:
        at = f"{view.paused_until.astimezone():%d %b %H:%M:%S}"
        return [f"paused    {reason}", f"goes on   by itself soon after {at}; at once with `{resume}`"]
    return [f"paused    {reason}", f"goes on   with `{resume}`"]
