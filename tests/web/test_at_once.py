"""One user's costly requests do not take all threads of the server."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from adapters.web import at_once
from adapters.web.at_once import ORDERS_PER_USER, PER_USER, AtOnce
from core.domain.editing.plan import EditPlan
from core.errors import LimitReachedError
from core.ports.planner import PlanRequest
from tests.web.site import Person, Site, make_site, problem
from tests.web.test_assistant import talking_site


class SlowPlanner:
    """Takes its time with slow texts, and tells when it has begun."""

    name = "local"

    def __init__(self) -> None:
        self.begun = threading.Semaphore(0)
        self.go_on = threading.Event()

    def plan(self, request: PlanRequest) -> EditPlan:
        """Return an empty plan."""
        if request.instruction == "slow":
            self.begun.release()
            assert self.go_on.wait(20)
        return EditPlan(planner=self.name)


def read(person: Person, words: str) -> int:
    return person.call("POST", "/api/plans/understand", json={"instruction": words}).status_code


def test_a_few_texts_of_one_user_are_read_at_once(tmp_path: Path) -> None:
    site, planner = make_site(tmp_path), SlowPlanner()
    site.studio.app.__dict__["local_planner"] = planner
    ada, grace = site.person(), site.person()
    with ThreadPoolExecutor(PER_USER) as pool:
        slow = [pool.submit(read, ada, "slow") for _ in range(PER_USER)]
        try:
            assert all(planner.begun.acquire(timeout=20) for _ in slow)
            answer = ada.call("POST", "/api/plans/understand", json={"instruction": "white"})
            problem(answer, 429, "too_many_at_once")
            assert answer.headers["Retry-After"] == "1"
            assert read(grace, "white") == 200
            assert ada.call("GET", "/api/orders").status_code == 200
        finally:
            planner.go_on.set()
        assert [one.result() for one in slow] == [200] * PER_USER
    assert [read(ada, "white") for _ in range(PER_USER + 1)] == [200] * (PER_USER + 1)


def test_answers_of_one_user_are_bounded_until_their_streams_end(tmp_path: Path) -> None:
    site = talking_site(tmp_path, "That is fine.")
    ada, grace = site.person(), site.person()
    ask = {"message": "white background", "stream": True}
    streams = [ada.call("POST", "/api/llm/chat", json=ask) for _ in range(PER_USER)]
    problem(ada.call("POST", "/api/llm/chat", json={"message": "help"}), 429, "too_many_at_once")
    grace.post("/api/llm/chat", {"message": "help"})
    assert b"event: done" in streams[0].get_data()  # read to its end
    ada.post("/api/llm/chat", {"message": "help"})
    for stream in streams[1:]:
        stream.close()  # never read
    for _ in range(PER_USER + 1):
        ada.post("/api/llm/chat", {"message": "help"})


def test_all_users_together_leave_room_for_others() -> None:
    places = AtOnce("answers are written", per_user=2, overall=3)
    leave = [places.enter(user) for user in ("ada", "ada", "grace")]
    with pytest.raises(LimitReachedError) as refused:
        places.enter("eve")
    assert (refused.value.code, refused.value.retry_after) == ("too_many_at_once", 5)
    for _ in range(2):
        leave[0]()  # once counts
    places.enter("eve")
    with pytest.raises(LimitReachedError):
        places.enter("linus")


WITH_MODEL: dict[str, Any] = {"planner": "openai", "openai_api_key": "canary-key", "vision_samples": 0}


def planning_site(folder: Path, **settings: Any) -> tuple[Site, SlowPlanner]:
    """Return a site whose planner takes its time."""
    site, planner = make_site(folder, **settings), SlowPlanner()
    site.studio.app.__dict__["planner"] = planner
    return site, planner


def submit(site: Site, person: Person, words: str = "slow") -> int:
    order = site.studio.draft(person.actor, instruction=words)
    return person.call("POST", f"/api/orders/{order.id}/submit", json={}).status_code


def test_a_few_orders_of_one_user_are_planned_by_a_model_at_once_and_the_others_stay_drafts(tmp_path: Path) -> None:
    site, planner = planning_site(tmp_path, **WITH_MODEL)
    ada, grace = site.person(), site.person()
    order = site.studio.draft(ada.actor, instruction="white")
    with ThreadPoolExecutor(ORDERS_PER_USER) as pool:
        slow = [pool.submit(submit, site, ada) for _ in range(ORDERS_PER_USER)]
        try:
            assert all(planner.begun.acquire(timeout=20) for _ in slow)
            answer = ada.call("POST", f"/api/orders/{order.id}/submit", json={})
            problem(answer, 429, "too_many_at_once")
            assert answer.headers["Retry-After"] == "5"
            kept = ada.get(f"/api/orders/{order.id}")["data"]["order"]
            assert (kept["status"], kept["instruction"]) == ("draft", "white")
            problem(ada.call("POST", "/api/upload", data={"instructions": "white"}), 429, "too_many_at_once")
            problem(ada.call("POST", "/api/llm/process", json={}), 429, "too_many_at_once")
            assert submit(site, grace, "white") == 200
        finally:
            planner.go_on.set()
        assert [one.result() for one in slow] == [200] * ORDERS_PER_USER
    assert ada.call("POST", f"/api/orders/{order.id}/submit", json={}).status_code == 200


def test_orders_that_this_machine_plans_are_not_counted(tmp_path: Path) -> None:
    site, planner = planning_site(tmp_path)
    ada, many = site.person(), ORDERS_PER_USER + 1
    with ThreadPoolExecutor(many) as pool:
        slow = [pool.submit(submit, site, ada) for _ in range(many)]
        try:
            assert all(planner.begun.acquire(timeout=20) for _ in slow)
        finally:
            planner.go_on.set()
        assert [one.result() for one in slow] == [200] * many


@pytest.mark.parametrize("name", ["READING", "ANSWERING", "PLANNING"])
def test_what_is_counted_exists(tmp_path: Path, name: str) -> None:
    assert getattr(at_once, name) <= set(make_site(tmp_path).app.view_functions)
