"""How a pause is told: why it stopped, and what lets it go on; and the pause of all hydrations."""

from __future__ import annotations

from hydrateall.cli.context import actor, airflow_of, open_runtime
from hydrateall.cli.output import command_name, console
from hydrateall.core.errors import UsageError
from hydrateall.hydration import control
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


def chosen(job: str | None, everything: bool) -> str | None:
    """The job that is meant, or None for all; raise UsageError unless it is exactly one of both."""
    if (job is None) != everything:
        raise UsageError("Name one job, or all of them.", "Give the id of a job, or --all.")
    return job


def pause_all(reason: str) -> None:
    """Pause all hydrations and say how many that stopped."""
    with open_runtime() as runtime, runtime.database.transaction() as session:
        done = control.pause_all(session, reason=reason, actor=actor(), now=runtime.now())
    console.print(
        f"[good]All hydrations are paused[/] ({done.jobs} were running). No new model call starts; "
        f"`{command_name()} jobs resume --all` goes on.",
        soft_wrap=True,
    )


def resume_all() -> None:
    """Lift the pause of all hydrations and deliver what it had stopped."""
    with open_runtime() as runtime:
        with runtime.database.transaction() as session:
            done = control.resume_all(session, actor=actor(), now=runtime.now())
        delivery = control.deliver_jobs(runtime, airflow_of(runtime))
    told = f" Some wait in the outbox: {delivery.error}" if delivery.error else ""
    console.print(f"[good]Hydrations go on[/] ({done.jobs} of them were stopped).{told}", soft_wrap=True)


def show_pause_of_all(state: control.ControlState) -> None:
    """Print that all hydrations are paused, if they are."""
    if state.paused and state.changed_at:
        since = f"{state.changed_at.astimezone():%d %b %H:%M}"
        lift = f"`{command_name()} jobs resume --all`"
        console.print(f"[warn]{state.reason}[/] (since {since}). {lift} goes on.", soft_wrap=True)
