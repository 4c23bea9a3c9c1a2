"""Who asked to know is told: signed, at least once, and never at an address that only this machine can reach."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import sqlalchemy as sa

from factories import ME, FakeClock, ScriptedModel, all_rows, cancel, cascade, open_root, settings_for_tests, submit
from hydrateall.core.database import Database
from hydrateall.core.runtime import Runtime
from hydrateall.delivery.models import OutboxEntry
from hydrateall.delivery.service import FakeAirflow, deliver_due
from hydrateall.hydration.enums import JobEvent
from hydrateall.hydration.service import pause
from hydrateall.llm.models import Budget
from hydrateall.monitoring import service, tasks, webhooks
from hydrateall.monitoring.errors import UnknownSubscription
from hydrateall.monitoring.models import Notification
from hydrateall.monitoring.schemas import Channel, NewSubscription

DAY = 86_400.0


@dataclass
class Receiver:
    """A real HTTP server that keeps what it gets and answers from a script, then with 204."""

    answers: list[int] = field(default_factory=list)
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    url: str = ""
    location: str = ""

    @contextmanager
    def listening(self) -> Iterator[Receiver]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.got.append((dict(self.headers.items()), body))
                self.send_response(receiver.answers.pop(0) if receiver.answers else 204)
                if receiver.location:
                    self.send_header("Location", receiver.location)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{server.server_address[1]}/hook?key=1"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            server.shutdown()
            server.server_close()

    @property
    def ids(self) -> list[str]:
        return [headers["X-HydrateAll-Delivery"] for headers, _ in self.got]

    @property
    def events(self) -> list[str]:
        return [json.loads(body)["event"] for _, body in self.got]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver().listening() as receiver:
        yield receiver


@pytest.fixture
def runtime(database: Database, clock: FakeClock) -> Runtime:
    return Runtime(settings_for_tests(webhook_private_networks=True), database, clock)


def subscribe(runtime: Runtime, target: str, *events: JobEvent, **filters: Any) -> tuple[uuid.UUID, str]:
    channel = filters.pop("channel", Channel.WEBHOOK)
    asked = NewSubscription(channel=channel, target=target, events=list(events or JobEvent), **filters)
    with runtime.database.transaction() as session:
        added = service.subscribe(session, asked, actor=ME, settings=runtime.settings)
    return added.id, added.secret or ""


def notify(runtime: Runtime) -> dict[str, Any]:
    return tasks.notify(runtime, no_mail)


def no_mail(*_: object) -> None:
    raise AssertionError("nobody asked for mail")


def messages(runtime: Runtime) -> list[Notification]:
    return all_rows(runtime, sa.select(Notification).order_by(Notification.created_at))


def pause_root(runtime: Runtime, root_id: uuid.UUID) -> None:
    with runtime.database.transaction() as session:
        pause(session, root_id, reason="The key is refused.", until=None, now=runtime.now())


class TestEvents:
    def test_of_a_job_reach_its_subscriber(self, runtime: Runtime, receiver: Receiver) -> None:
        subscribe(runtime, receiver.url)
        root_id = submit(runtime)
        cascade(runtime, ScriptedModel(), root_id)

        report = notify(runtime)

        [(headers, body)] = receiver.got
        told = json.loads(body)
        assert (report["events"], report["sent"], report["waiting"]) == (1, 1, 0)
        assert (told["event"], headers["X-HydrateAll-Event"]) == ("job.completed", "job.completed")
        assert told["text"] == "CBSE · grade 8 · SCIENCE · en is completed."
        assert (told["job"]["jobId"], told["job"]["progress"]) == (str(root_id), 100.0)

    def test_are_failed_paused_and_cancelled_too(self, runtime: Runtime, receiver: Receiver) -> None:
        subscribe(runtime, receiver.url)
        cascade(runtime, ScriptedModel(lambda _: "no JSON"), submit(runtime, grade="6"))
        pause_root(runtime, open_root(runtime, grade="7"))
        cancel(runtime, open_root(runtime, grade="8"))

        notify(runtime)

        assert sorted(receiver.events) == ["job.cancelled", "job.failed", "job.paused"]

    def test_are_told_with_their_change_or_not_at_all(self, runtime: Runtime, receiver: Receiver) -> None:
        subscribe(runtime, receiver.url)
        root_id = open_root(runtime)

        with runtime.database.transaction() as session:
            pause(session, root_id, reason="x", until=None, now=runtime.now())
            session.rollback()

        assert notify(runtime)["events"] == 0

    def test_reach_only_those_who_asked(self, runtime: Runtime, receiver: Receiver) -> None:
        root_id, other = open_root(runtime), open_root(runtime, grade="7")
        subscribe(runtime, receiver.url + "&completed", JobEvent.COMPLETED)
        subscribe(runtime, receiver.url + "&grade", grade="7")
        subscribe(runtime, receiver.url + "&board", board="ICSE")
        subscribe(runtime, receiver.url + "&subject", subject="MATH")
        subscribe(runtime, receiver.url + "&other", job_id=other)
        subscribe(runtime, receiver.url + "&mine", job_id=root_id)
        subscribe(runtime, receiver.url + "&fits", board="CBSE", grade="8", subject="SCIENCE")

        pause_root(runtime, root_id)
        notify(runtime)

        assert len(receiver.got) == 2

    def test_that_nobody_asked_for_are_done_with(self, runtime: Runtime) -> None:
        cancel(runtime, open_root(runtime))

        assert notify(runtime)["events"] == 1
        assert notify(runtime)["events"] == 0
        assert messages(runtime) == []

    def test_do_not_disturb_the_runs_in_the_outbox(self, runtime: Runtime) -> None:
        airflow = FakeAirflow()
        cancel(runtime, submit(runtime))

        delivery = deliver_due(runtime, airflow)

        assert (delivery.sent, delivery.waiting, len(airflow.triggered)) == (1, 0, 1)


class TestBudgets:
    def test_warn_once_when_they_are_nearly_spent(self, runtime: Runtime, receiver: Receiver) -> None:
        subscribe(runtime, receiver.url, JobEvent.BUDGET)
        root_id = open_root(runtime, max_cost_usd=10)
        with runtime.database.transaction() as session:
            session.add(Budget(scope=f"job:{root_id}", spent_usd=Decimal("7.99"), reserved_usd=Decimal(2)))
        assert notify(runtime)["warned"] == 0

        with runtime.database.transaction() as session:
            session.execute(sa.update(Budget).values(spent_usd=Decimal(8)))
        warned = [notify(runtime)["warned"] for _ in range(3)]

        assert warned == [1, 0, 0]
        [(_, body)] = receiver.got
        assert json.loads(body)["reason"] == "$8.0000 of $10.00 are spent."


class TestWebhooks:
    def test_are_signed_with_the_secret_that_was_shown_once(self, runtime: Runtime, receiver: Receiver) -> None:
        _, secret = subscribe(runtime, receiver.url)
        cancel(runtime, open_root(runtime))

        notify(runtime)

        [(headers, body)] = receiver.got
        signed = headers["X-HydrateAll-Timestamp"].encode() + b"." + body
        expected = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
        assert headers["X-HydrateAll-Signature"] == f"sha256={expected}"
        assert headers["X-HydrateAll-Timestamp"] == str(int(runtime.now().timestamp()))
        assert secret not in runtime_text(runtime)

    def test_are_tried_again_after_a_server_error(self, runtime: Runtime, receiver: Receiver, clock: FakeClock) -> None:
        receiver.answers = [500, 429, 408]
        subscribe(runtime, receiver.url)
        cancel(runtime, open_root(runtime))

        reports = []
        for _ in range(5):
            reports.append(notify(runtime))
            clock.advance(DAY)

        assert [(report["sent"], report["waiting"]) for report in reports] == [(0, 1), (0, 1), (0, 1), (1, 0), (0, 0)]
        assert len(set(receiver.ids)) == 1
        assert len({body for _, body in receiver.got}) == 1

    def test_wait_longer_after_each_try_and_end_after_the_last(
        self, database: Database, clock: FakeClock, receiver: Receiver
    ) -> None:
        runtime = Runtime(settings_for_tests(webhook_private_networks=True, notification_attempts=8), database, clock)
        receiver.answers = [503] * 20
        subscribe(runtime, receiver.url)
        cancel(runtime, open_root(runtime))

        pauses = []
        while (left := messages(runtime)) == [] or left[0].status == "waiting":
            notify(runtime)
            pauses.append((messages(runtime)[0].due_at - clock()).total_seconds())
            clock.advance(pauses[-1])

        assert pauses[:-1] == [30, 90, 270, 810, 2430, 7200, 7200]
        assert len(receiver.got) == 8
        assert (messages(runtime)[0].status, messages(runtime)[0].last_error) == (
            "failed",
            "The receiver answered 503.",
        )

    @pytest.mark.parametrize("status", [410, 400, 401, 404])
    def test_end_when_the_receiver_does_not_want_them(
        self, runtime: Runtime, receiver: Receiver, clock: FakeClock, status: int
    ) -> None:
        receiver.answers = [status]
        subscribe(runtime, receiver.url)
        cancel(runtime, open_root(runtime))

        notify(runtime)
        clock.advance(DAY)

        assert notify(runtime)["sent"] == 0
        assert (len(receiver.got), messages(runtime)[0].status) == (1, "failed")

    def test_do_not_follow_a_redirect(self, runtime: Runtime, receiver: Receiver) -> None:
        receiver.answers, receiver.location = [302], "http://169.254.169.254/latest/meta-data"
        subscribe(runtime, receiver.url)
        cancel(runtime, open_root(runtime))

        notify(runtime)

        assert messages(runtime)[0].last_error == "The receiver answered 302."

    def test_come_again_under_the_same_id_after_a_crash_between_sending_and_noting(
        self, runtime: Runtime, receiver: Receiver, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        subscribe(runtime, receiver.url)
        cancel(runtime, open_root(runtime))
        with monkeypatch.context() as crash:
            crash.setattr(webhooks, "post", crashing(webhooks.post))
            with pytest.raises(KeyboardInterrupt):
                notify(runtime)
        assert notify(runtime)["sent"] == 0  # whoever crashed may still be at work

        clock.advance(200)
        report = notify(runtime)

        assert report["sent"] == 1
        assert len(receiver.got) == 2
        assert len(set(receiver.ids)) == 1

    def test_that_cannot_be_sent_keep_no_other_from_it(
        self, runtime: Runtime, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        subscribe(runtime, receiver.url + "&broken")
        subscribe(runtime, receiver.url)
        cancel(runtime, open_root(runtime))
        monkeypatch.setattr(webhooks, "post", failing_for("&broken", webhooks.post))

        report = notify(runtime)

        assert (report["sent"], report["waiting"]) == (1, 1)
        assert "UnicodeError: no header" in {each.last_error for each in messages(runtime)}

    def test_are_tried_again_when_nobody_listens(self, runtime: Runtime) -> None:
        with Receiver().listening() as gone:
            subscribe(runtime, gone.url)
        cancel(runtime, open_root(runtime))

        assert notify(runtime)["waiting"] == 1
        assert str(messages(runtime)[0].last_error).startswith("No answer: ConnectError")


class TestMail:
    def test_goes_through_the_mailer_that_is_handed_in(self, runtime: Runtime) -> None:
        sent: list[tuple[str, str, str]] = []
        subscribe(runtime, "ada@example.org", channel=Channel.EMAIL)
        root_id = open_root(runtime)
        pause_root(runtime, root_id)

        tasks.notify(runtime, lambda to, subject, page, _: sent.append((to, subject, page)))

        [(to, subject, page)] = sent
        assert (to, subject) == ("ada@example.org", "HydrateAll: CBSE · grade 8 · SCIENCE · en is paused.")
        assert "The key is refused." in page
        assert f"hydrateall jobs resume {root_id}" in page

    def test_is_tried_again_when_the_mailer_fails(self, runtime: Runtime) -> None:
        subscribe(runtime, "ada@example.org", channel=Channel.EMAIL)
        cancel(runtime, open_root(runtime), reason="<b>no</b>")

        def broken(*_: object) -> None:
            raise LookupError("The conn_id `smtp_default` isn't defined")

        assert tasks.notify(runtime, broken)["waiting"] == 1
        assert messages(runtime)[0].last_error == "LookupError: The conn_id `smtp_default` isn't defined"


class TestSubscriptions:
    def test_show_how_their_last_message_fared(self, runtime: Runtime, receiver: Receiver) -> None:
        receiver.answers = [410]
        subscription_id, _ = subscribe(runtime, receiver.url)
        cancel(runtime, open_root(runtime))
        notify(runtime)

        with runtime.database.transaction() as session:
            [view] = service.list_subscriptions(session)

        assert (view.id, view.created_by) == (subscription_id, "tester")
        assert (view.last_status, view.last_error) == ("failed", "The receiver answered 410.")

    def test_can_be_tried_out(self, runtime: Runtime, receiver: Receiver) -> None:
        subscription_id, _ = subscribe(runtime, receiver.url)

        assert service.send_test(runtime, subscription_id).error == ""
        assert receiver.events == ["test"]

    def test_that_are_removed_take_their_messages_along(self, runtime: Runtime, receiver: Receiver) -> None:
        receiver.answers = [500]
        subscription_id, _ = subscribe(runtime, receiver.url)
        cancel(runtime, open_root(runtime))
        notify(runtime)

        with runtime.database.transaction() as session:
            service.unsubscribe(session, subscription_id, actor=ME)

        assert messages(runtime) == []
        with pytest.raises(UnknownSubscription), runtime.database.transaction() as session:
            service.unsubscribe(session, subscription_id, actor=ME)


def runtime_text(runtime: Runtime) -> str:
    """Everything that the outbox and the messages hold."""
    entries = all_rows(runtime, sa.select(OutboxEntry))
    return json.dumps([entry.payload for entry in entries] + [message.body for message in messages(runtime)])


def failing_for(part: str, post: Any) -> Any:
    """A `post` that raises for targets with this part."""

    def failing(*arguments: Any, target: str, **values: Any) -> Any:
        if part in target:
            raise UnicodeError("no header")
        return post(*arguments, target=target, **values)

    return failing


def crashing(real: Any) -> Any:
    """Send, and die before that can be noted."""

    def post(*args: Any, **values: Any) -> None:
        real(*args, **values)
        raise KeyboardInterrupt

    return post
