"""The panel of the assistant: what it shows of a conversation, and proposals that are confirmed there."""

import html
import re

import attrs
import pytest

from adapters.web.assistant_views import author, panel_view
from core.domain.conversations import (
    FailedList,
    FailedPicture,
    MessageState,
    PreviewWish,
    Remark,
)
from core.domain.editing.plan import Change, ChangeKind, EditPlan, Option, Question, Step
from core.usecases.conversations.read import ReadConversation
from core.usecases.conversations.send import SendMessage
from core.usecases.plans.revise import GetPlan
from tests.fakes import brighter
from tests.web.site import Person, Site, problem

HTMX = {"HX-Request": "true"}
EVIL = "<img src=x onerror=alert(1)>"
LEAVE = Option(key="leave", label="Leave it", changes=(Change(kind=ChangeKind.REMOVE, op="exposure"),))
ASKED = attrs.evolve(
    brighter(),
    questions=(Question(key="which", about="Brighter or not?", options=(Option(key="do", label="Do it"), LEAVE)),),
)


@attrs.define
class Panel:
    """The assistant of a planned order as its owner sees it."""

    site: Site
    person: Person
    order_id: str

    def ask(self, words: str) -> str:
        """Send a message and return the id of the answer."""
        send = self.site.studio.use(SendMessage)
        return send(actor=self.person.actor, order_id=self.order_id, text=words).answer.id

    def html(self) -> str:
        """Return the panel as it is now."""
        answer = self.person.call("GET", f"/orders/{self.order_id}/assistant", headers=HTMX)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"
        return html.unescape(re.sub(r"\s+", " ", answer.get_data(as_text=True)))

    def apply(self, message: str) -> tuple[int, str]:
        """Confirm a proposal; return status and what is shown."""
        form = {"message": message}
        answer = self.person.call("POST", f"/orders/{self.order_id}/assistant/apply", headers=HTMX, data=form)
        return answer.status_code, answer.get_data(as_text=True)

    @property
    def plan(self) -> EditPlan:
        """The current plan."""
        return self.site.studio.use(GetPlan)(actor=self.person.actor, order_id=self.order_id).revision.plan


@pytest.fixture
def panel(site: Site, ada: Person) -> Panel:
    """Return the assistant of a plan with a question."""
    site.studio.planner.lines["darker"] = brighter(-0.5)
    return Panel(site, ada, site.studio.planned(ada.actor, plan=ASKED).order.id)


@pytest.mark.req("S0-INST-06")
def test_an_empty_conversation_says_who_answers_and_what_may_be_asked(panel: Panel) -> None:
    shown = panel.html()
    assert "No language model is configured: answers come from the local planner on this machine." in shown
    assert re.findall(r'data-suggest="([^"]*)"', shown) == [
        "What will this do?", "What does it cost?", "Show me on one picture",
    ]  # fmt: skip


def test_each_kind_of_answer_is_shown(panel: Panel) -> None:
    for words in ("What will this do?", "What does it cost?", "darker"):
        panel.ask(words)
    shown = panel.html()
    assert "data-suggest" not in shown
    assert '<div role="group" class="talk-block" aria-label="What the plan does">' in shown
    assert "Studio edit" in shown
    assert re.search(r'data-proposal="\w+" aria-label="Proposed change"', shown)
    assert re.search(r"<del>[^<]*0\.5[^<]*</del> → <ins>[^<]*-0\.5", shown), re.findall(r"<del>.{60}", shown)
    assert shown.count("Brighter or not?") >= 1
    assert shown.count("Local planner") == 4  # who answers, and three answers
    assert "Confirm it to change the plan" not in shown


def test_a_proposal_is_applied_once_and_the_plan_comes_back(panel: Panel) -> None:
    message = panel.ask("darker")
    status, board = panel.apply(message)
    assert status == 200
    assert 'data-told="Proposal applied" data-undo="1"' in board
    assert panel.plan.steps[0].params["ev"] == -0.5
    assert "Applied as plan 2" in panel.html()
    status, board = panel.apply(message)
    assert status == 409
    assert "This proposal was confirmed before." in board


def test_a_proposal_for_an_earlier_plan_changes_nothing(panel: Panel) -> None:
    first, second = panel.ask("darker"), panel.ask("darker")
    panel.apply(first)
    status, board = panel.apply(second)
    assert status == 409
    assert "ask again" in board
    assert panel.html().count('data-state="stale"') == 1


def test_a_question_is_answered_and_answered_otherwise(panel: Panel) -> None:
    panel.ask("What will this do?")
    path = f"/orders/{panel.order_id}/plan/answers"
    for option, steps in (("leave", []), ("do", ["exposure"]), ("leave", [])):
        answer = panel.person.call("POST", path, headers=HTMX, data={"question": "which", "option": option})
        assert answer.status_code == 200
        assert [s.op for s in panel.plan.steps] == steps
        assert re.search(rf'value="{option}" data-variant="secondary"[^>]*aria-pressed="true"', panel.html())


def test_an_answer_that_came_with_the_plan_is_not_guessed_back(site: Site, ada: Person) -> None:
    plan = EditPlan(questions=(attrs.evolve(ASKED.questions[0], answer="leave"),))
    order = site.studio.planned(ada.actor, plan=plan).order
    path = f"/api/orders/{order.id}/plan/answers"
    problem(ada.call("POST", path, json={"answers": {"which": "do"}}), 409, "answer_is_final")


def test_what_people_and_models_write_stays_text(panel: Panel) -> None:
    panel.ask(f"darker {EVIL}")
    answer = panel.person.call("GET", f"/orders/{panel.order_id}/assistant", headers=HTMX)
    assert "<img src=x" not in answer.get_data(as_text=True)


def test_nobody_elses_conversation(site: Site, panel: Panel) -> None:
    eve = site.person()
    message = panel.ask("darker")
    assert eve.call("GET", f"/orders/{panel.order_id}/assistant", headers=HTMX).status_code == 404
    path = f"/orders/{panel.order_id}/assistant/apply"
    assert eve.call("POST", path, headers=HTMX, data={"message": message}).status_code == 404


def test_states_and_remarks_of_answers(panel: Panel) -> None:
    panel.ask("What will this do?")
    read = panel.site.studio.use(ReadConversation)(actor=panel.person.actor, order_id=panel.order_id)
    failed = FailedPicture(image_id="1", name="a.jpg", status="failed", code="broken", reason="It is damaged.")
    blocks = (
        Remark(text="The model did not answer."),
        FailedList(pictures=(failed,)),
        PreviewWish(image_id="1", name="a"),
    )
    last = attrs.evolve(read.messages[-1], by="openai/gpt-5", state=MessageState.STREAMING, blocks=blocks)
    view = panel_view(attrs.evolve(read, messages=(last,), by="openai/gpt-5"), None, {"openai": "OpenAI"})
    assert (view.by, view.is_local, view.is_under_way) == ("OpenAI gpt-5", False, True)
    assert view.messages[0].lead == last.text  # a model words its answer itself; nothing is left out
    assert [b["kind"] for b in view.messages[0].blocks] == ["text", "failed_list", "preview"]


def test_who_wrote_something() -> None:
    assert author("local", {}) == "Local planner"
    assert author("anthropic/claude", {"anthropic": "Anthropic"}) == "Anthropic claude"
    assert author("own/tiny", {}) == "own tiny"


def test_pictures_are_tagged_and_planned_again(site: Site, ada: Person) -> None:
    order = site.studio.planned(ada.actor, "one.jpg", "two.jpg", plan=EditPlan(steps=(Step(op="shadow"),))).order
    one, two = site.studio.images(order.id)
    path = f"/orders/{order.id}/plan/tags"
    refused = ada.call("POST", path, headers=HTMX, data={"revision": 1, f"tags-{one.id}": "shoe, nonsense"})
    assert refused.status_code == 422
    assert "is not a known tag" in refused.get_data(as_text=True)
    assert 'value="shoe, nonsense"' in refused.get_data(as_text=True)
    assert site.studio.images(order.id)[0].tags == ()
    done = ada.call("POST", path, headers=HTMX, data={"revision": 1, f"tags-{one.id}": ["shoe", "Red, T-Shirts"]})
    assert done.headers["HX-Redirect"] == f"/orders/{order.id}/plan"
    assert [i.tags for i in site.studio.images(order.id)] == [("red", "shoe", "t_shirt"), two.tags]
    assert ada.call("POST", path, headers=HTMX, data={"revision": 1}).status_code == 409
