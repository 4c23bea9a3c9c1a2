"""Subscriptions, and the way of an event to those who asked to know.

An event stands in the outbox with the change that it tells of. Here it becomes one message a subscriber, in one
transaction; each message is then sent until its receiver has it: at least once, always under the same id.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session

from hydrateall.core import audit
from hydrateall.core.runtime import Runtime
from hydrateall.core.settings import Settings
from hydrateall.delivery.service import add_notice, take_notices
from hydrateall.hydration.enums import JobEvent
from hydrateall.hydration.service import Actor
from hydrateall.monitoring import repository, webhooks
from hydrateall.monitoring.addresses import check_mail_address, resolve
from hydrateall.monitoring.errors import UnknownSubscription
from hydrateall.monitoring.messages import as_mail, message
from hydrateall.monitoring.models import Subscription
from hydrateall.monitoring.schemas import Channel, NewSubscription, Notified, Subscribed, SubscriptionView
from hydrateall.monitoring.webhooks import Sent

SendMail = Callable[[str, str, str, uuid.UUID], None]
LONGEST_PAUSE = 7200.0
LEASE = timedelta(minutes=2)  # longer than a message takes; after a crash it is sent again
AT_ONCE = 8  # a slow receiver holds up no other

logger = structlog.get_logger(__name__)


def subscribe(session: Session, asked: NewSubscription, *, actor: Actor, settings: Settings) -> Subscribed:
    """Add a subscription; raise TargetRefused for an address that messages are not sent to."""
    if asked.channel is Channel.WEBHOOK:
        resolve(asked.target, private_networks=settings.webhook_private_networks)
    else:
        check_mail_address(asked.target)
    secret = secrets.token_urlsafe(32) if asked.channel is Channel.WEBHOOK else None
    user_id = actor.user_id(session)
    added = Subscription(
        user_id=user_id,
        secret=secret,
        **asked.model_dump(exclude={"events", "channel"}),
        channel=asked.channel.value,
        events=[event.value for event in asked.events],
    )
    repository.add_subscription(session, added)
    _audit(session, "notification.subscribe", added.id, user_id)
    return Subscribed(id=added.id, secret=secret)


def unsubscribe(session: Session, subscription_id: uuid.UUID, *, actor: Actor) -> None:
    """Remove a subscription and what waits for it; raise UnknownSubscription."""
    if not repository.remove_subscription(session, subscription_id):
        raise UnknownSubscription(subscription_id)
    _audit(session, "notification.unsubscribe", subscription_id, actor.user_id(session))


def list_subscriptions(session: Session) -> list[SubscriptionView]:
    """Every subscription, the oldest first."""
    last, names = repository.last_notifications(session), repository.user_names(session)
    return [
        SubscriptionView(
            id=each.id,
            channel=Channel(each.channel),
            target=each.target,
            events=[JobEvent(event) for event in each.events],
            board=each.board,
            grade=each.grade,
            subject=each.subject,
            job_id=each.job_id,
            created_by=names[each.user_id],
            created_at=each.created_at,
            last_status=last[each.id].status if each.id in last else None,
            last_error=last[each.id].last_error if each.id in last else None,
        )
        for each in repository.subscriptions(session)
    ]


def send_test(runtime: Runtime, subscription_id: uuid.UUID, *, mail: SendMail | None = None) -> Sent:
    """Send a subscriber a made-up message at once, and say how that went."""
    with runtime.database.transaction() as session:
        found = repository.get_subscription(session, subscription_id)
    if found is None:
        raise UnknownSubscription(subscription_id)
    body = {"event": "test", "occurredAt": runtime.now().isoformat(), "text": "HydrateAll can reach you."}
    if found.channel == Channel.EMAIL:
        if mail is None:
            return Sent("Mail is sent by Airflow's tasks only; the next event will show whether it arrives.")
        mail(found.target, "HydrateAll: a test", f"<p>{body['text']}</p>", uuid.uuid4())
        return Sent()
    return webhooks.post(
        runtime.settings,
        target=found.target,
        secret=found.secret or "",
        message_id=uuid.uuid4(),
        event="test",
        body=body,
        now=runtime.now(),
    )


def warn_of_budgets(runtime: Runtime) -> int:
    """Add an event for each job that has nearly spent its budget: once for each budget that it was given."""
    share, now = runtime.settings.budget_warning_share, runtime.now()
    with runtime.database.transaction() as session:
        near = repository.nearly_overspent(session, share=share)
        warned = 0
        for row in near:
            reason = f"${row['spent_usd']:.4f} of ${row['max_cost_usd']:.2f} are spent."
            payload = {"event": JobEvent.BUDGET, "rootJobId": str(row["id"]), "reason": reason}
            key = f"budget__{row['id']}__{row['max_cost_usd']}"
            warned += add_notice(session, {**payload, "at": now.isoformat(), "traceId": row["trace_id"]}, key=key)
    return warned


def expand_events(runtime: Runtime) -> int:
    """Make the events that wait in the outbox messages to their subscribers; return how many events there were."""
    now = runtime.now()
    with runtime.database.transaction() as session:
        notices = take_notices(session, now=now, most=runtime.settings.outbox_batch)
        for notice in notices:
            event, root_id = JobEvent(notice.payload["event"]), uuid.UUID(notice.payload["rootJobId"])
            if to := repository.subscribers(session, root_id=root_id, event=event):
                body = message(event, notice.payload, repository.job_facts(session, root_id))
                repository.add_notifications(
                    session, entry_id=notice.entry_id, subscription_ids=to, event=event, body=body, now=now
                )
    return len(notices)


def send_messages(runtime: Runtime, mail: SendMail) -> Notified:
    """Send the messages that are due, several at once. A crash between sending and noting it sends again."""
    now = runtime.now()
    with runtime.database.transaction() as session:
        due = repository.notifications_due(
            session, now=now, claimed_until=now + LEASE, most=runtime.settings.outbox_batch
        )
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="notify") as threads:
        ends = list(threads.map(lambda row: _send_and_note(runtime, row, mail), due))
    return Notified(sent=ends.count("sent"), failed=ends.count("failed"), waiting=ends.count("waiting"))


def _send_and_note(runtime: Runtime, row: sa.RowMapping, mail: SendMail) -> str:
    sent, now, settings = _send(runtime, row, mail), runtime.now(), runtime.settings
    over = sent.final or row["attempts"] >= settings.notification_attempts
    status = "sent" if not sent.error else "failed" if over else "waiting"
    with runtime.database.transaction() as session:
        repository.settle_notification(
            session,
            row["id"],
            status=status,
            error=sent.error or None,
            due_at=now + _pause(settings, row["attempts"]),
            ended_at=None if status == "waiting" else now,
        )
    trace_id = row["body"]["job"]["traceId"]
    logger.info(
        "notified",
        trace_id=trace_id,
        notification=str(row["id"]),
        status=status,
        attempt=row["attempts"],
        error=sent.error,
    )
    return status


def _send(runtime: Runtime, row: sa.RowMapping, mail: SendMail) -> Sent:
    try:
        if row["channel"] == Channel.EMAIL:
            mail(row["target"], *as_mail(row["body"]), row["id"])
            return Sent()
        return webhooks.post(
            runtime.settings,
            target=row["target"],
            secret=row["secret"],
            message_id=row["id"],
            event=row["event"],
            body=row["body"],
            now=runtime.now(),
        )
    except Exception as error:  # noqa: BLE001 - one message that cannot be sent must not keep the others from it
        return Sent(f"{type(error).__name__}: {error}")


def _pause(settings: Settings, attempts: int) -> timedelta:
    return timedelta(seconds=min(LONGEST_PAUSE, settings.notification_pause_seconds * 3 ** (attempts - 1)))


def _audit(session: Session, action: str, subscription_id: uuid.UUID, actor_id: uuid.UUID) -> None:
    audit.record(
        session, action=action, entity_type="notification_subscription", entity_id=subscription_id, actor_id=actor_id
    )
