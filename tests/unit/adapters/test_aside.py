"""Slow work with events is done beside the rest."""

import threading

import pytest

from adapters.jobs.aside import Aside
from core.kernel.events import DomainEvent
from tests.factories import NOW
from tests.support.waiting import wait_until

WAIT = 20


def event(number: int) -> DomainEvent:
    return DomainEvent(topic=f"order/{number}", name="OrderCompleted", at=NOW, data={})


def test_whoever_hands_something_over_does_not_wait(caplog: pytest.LogCaptureFixture) -> None:
    begun, go_on, done = threading.Event(), threading.Event(), list[str]()

    def slow(given: DomainEvent) -> None:
        begun.set()
        assert go_on.wait(WAIT)
        if given.topic == "order/1":
            raise RuntimeError("planted")
        done.append(given.topic)

    aside = Aside("summariser", slow, most=2)
    aside(event(0))
    assert begun.wait(WAIT)
    for number in (1, 2, 3):
        aside(event(number))
    assert done == []
    assert "order/3 is left out" in caplog.text
    go_on.set()
    wait_until(lambda: done == ["order/0", "order/2"])
    assert "failed with order/1" in caplog.text
    aside.close()
    aside.join(WAIT)


def test_what_waits_is_left_when_the_process_ends() -> None:
    begun, go_on, done = threading.Event(), threading.Event(), list[str]()

    def slow(given: DomainEvent) -> None:
        begun.set()
        assert go_on.wait(WAIT)
        done.append(given.topic)

    aside = Aside("summariser", slow)
    aside(event(0))
    assert begun.wait(WAIT)
    aside(event(1))
    aside.close()
    go_on.set()
    aside.join(WAIT)
    assert done == ["order/0"]


def test_it_is_closed_before_anything_came() -> None:
    aside = Aside("summariser", lambda _event: None)
    aside.close()
    aside.join(WAIT)
