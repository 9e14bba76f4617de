"""The page of a plan, and what an instruction is taken to mean while it is written."""

import re
from typing import Any

import attrs
import pytest
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from adapters.web.plan_forms import FieldView, fields, submitted, submitted_scope
from core.domain.editing.catalogue import OPERATIONS, find_operation
from core.domain.editing.plan import Cause, EditPlan, Output, Step
from core.domain.orders import OrderStatus
from core.errors import ProviderUnavailableError
from core.usecases.plans.revise import GetPlan
from core.usecases.plans.revisions import ListRevisions
from tests.fakes import brighter
from tests.studio import PRICE
from tests.web.owner import QUESTION
from tests.web.site import Person, Site, problem

HTMX = {"HX-Request": "true"}
EVIL = "<img src=x onerror=alert(1)>"
TWO = EditPlan(
    steps=(Step(op="exposure", params={"ev": 0.5}), Step(op="contrast")),
    outputs=(Output(name="web", steps=(Step(op="resize", params={"long_edge": 800}),)), Output(name="print")),
)


@attrs.define
class PlanPage:
    """A planned order as its owner sees it."""

    site: Site
    person: Person
    order_id: str

    @property
    def path(self) -> str:
        """Address of the page."""
        return f"/orders/{self.order_id}/plan"

    def get(self, part: str = "") -> str:
        """Return the page or a part of it."""
        answer = self.person.call("GET", self.path + part, headers=HTMX if part else {})
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return answer.get_data(as_text=True)

    def send(self, action: str, *, revision: Any = None, **form: Any) -> TestResponse:
        """Send a form as the page does."""
        seen = self.revision if revision is None else revision
        return self.person.call("POST", f"{self.path}/{action}", headers=HTMX, data={"revision": seen, **form})

    @property
    def plan(self) -> EditPlan:
        """The current plan."""
        return self.site.studio.use(GetPlan)(actor=self.person.actor, order_id=self.order_id).revision.plan

    @property
    def revision(self) -> int:
        """Number of the current plan."""
        return self.site.studio.use(GetPlan)(actor=self.person.actor, order_id=self.order_id).revision.number


@pytest.fixture
def page(site: Site, ada: Person) -> PlanPage:
    """Return the page of a plan with two outputs."""
    return PlanPage(site, ada, site.studio.planned(ada.actor, plan=TWO).order.id)


def text(html: str) -> str:
    """Return the words of a page."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html))


@pytest.mark.req("S0-LLM-04")
def test_words_are_shown_as_steps_with_what_caused_them_and_the_price(site: Site, ada: Person) -> None:
    order = site.studio.draft(ada.actor)
    words = "🙂 White background, remove the price tag"
    answer = ada.call("POST", "/plans/understanding", headers=HTMX, data={"instruction": words, "orderId": order.id})
    html = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "Cut out the product" in html
    assert "Pure white background (#FFFFFF)" in html
    assert "Needs a provider" in html
    assert f"{3 * PRICE} credits" in html
    start, end = (int(re.search(rf'data-{edge}="(\d+)"', html)[1]) for edge in ("start", "end"))  # type: ignore[index]
    assert words.encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le") == "White background"
    assert site.studio.planner.asked == []


def test_words_over_the_api(site: Site, ada: Person) -> None:
    order = site.studio.draft(ada.actor)
    found = ada.post("/api/plans/understand", {"instruction": "No shadow. PNG", "orderId": order.id, "images": 40})
    data = found["data"]
    assert (data["images"], data["perImage"], data["total"], data["isAffordable"]) == (40, PRICE, 40 * PRICE, False)
    sentences = [s["sentence"] for g in data["reading"]["groups"] for s in g["steps"]]
    assert "Save as PNG" in sentences
    assert data["reading"]["groups"][0]["output"] is None
    problem(ada.call("POST", "/api/plans/understand", json={"images": 101}), 422, "too_many_images")


def test_words_that_are_too_many_are_told_in_their_place(ada: Person) -> None:
    answer = ada.call("POST", "/plans/understanding", headers=HTMX, data={"instruction": "white " * 2000})
    assert answer.status_code == 200
    assert "at most 8000 are read" in answer.get_data(as_text=True)


def test_nobody_elses_order_is_understood_or_shown(site: Site, page: PlanPage) -> None:
    eve = site.person()
    problem(eve.call("POST", "/api/plans/understand", json={"orderId": page.order_id}), 404, "not_found")
    for method, part in (("GET", ""), ("GET", "/revisions"), ("GET", "/step?op=shadow"), ("POST", "/edit?do=move")):
        data = {"do": "remove", "index": "0", "revision": "1"} if method == "POST" else None
        assert (
            eve.call(
                method, page.path + part.partition("?")[0] if data else page.path + part, data=data, headers=HTMX
            ).status_code
            == 404
        )
    assert page.revision == 1


def test_what_people_wrote_stays_text(site: Site, ada: Person) -> None:
    named = site.studio.draft(ada.actor, f"{EVIL}.jpg", "two.jpg", instruction=f"brighter {EVIL}")
    answer = ada.call("POST", "/plans/understanding", headers=HTMX, data={"instruction": f"PNG {EVIL}"})
    assert "<img src=x" not in answer.get_data(as_text=True)
    cause = Cause(start=9, end=9 + len(EVIL), words=EVIL)
    plan = EditPlan(steps=(Step(op="overlay.text", params={"text": EVIL}, cause=cause),))
    site.studio.planner.lines[f"brighter {EVIL}"] = plan
    ada.post(f"/api/orders/{named.id}/submit")
    shown = PlanPage(site, ada, named.id)
    pages = [shown.get(), shown.get("/step?index=0&output="), shown.get("/revisions"), shown.get("/replacing")]
    for html in pages:
        assert "<img src=x" not in html
    assert "&lt;img src=x onerror" in pages[0]
    assert re.search(r'<mark[^>]*data-start="0"[^>]*><a[^>]*>brighter &lt;img', pages[0])


def test_words_that_were_changed_since_are_not_marked(site: Site, ada: Person) -> None:
    plan = attrs.evolve(brighter(), steps=(Step(op="shadow", cause=Cause(start=0, end=4, words="else")),))
    shown = PlanPage(site, ada, site.studio.planned(ada.actor, plan=plan).order.id)
    assert "<mark" not in shown.get()


def test_the_page_shows_steps_outputs_price_and_pictures(page: PlanPage) -> None:
    html = page.get()
    for words in ("Brighten by 0.5 EV", "Scale the longer side to 800 px", "print", f"{3 * PRICE} credits", "Confirm"):
        assert words in html
    assert html.count('class="filmstrip-picture"') == 3
    assert "style=" not in html
    assert "onclick" not in html


def test_a_step_is_changed_by_its_form(page: PlanPage) -> None:
    form = page.get("/step?index=0&output=")
    assert 'name="p.ev"' in form
    assert 'value="0.5"' in form
    answer = page.send("step", op="exposure", index=0, output="", scope="names", names="one*, two*", **{"p.ev": "1"})
    assert answer.status_code == 200
    assert "Brighten by 1 EV" in answer.get_data(as_text=True)
    assert 'data-undo="1"' in answer.get_data(as_text=True)
    assert page.plan.steps[0].scope.globs == ("one*", "two*")


@pytest.mark.parametrize(
    ("fields_", "said"),
    [
        ({"p.ev": "9"}, "Between -5 and 5 EV."),
        ({"p.ev": "much"}, "A number is needed"),
        ({"p.ev": ""}, "mode ev needs an ev"),
        ({"p.ev": "1", "scope": "files"}, "Choose at least one picture."),
        ({"p.ev": "1", "scope": "positions", "positions": "0"}, "Write positions such as"),
        ({"p.ev": "1", "scope": "positions", "positions": "<b>"}, "Write positions such as"),
    ],
)
def test_what_is_wrong_stands_beside_the_field(page: PlanPage, fields_: dict[str, str], said: str) -> None:
    answer = page.send("step", op="exposure", index=0, output="", form_id="form-shared-0", **fields_)
    assert answer.status_code == 422
    assert said in answer.get_data(as_text=True)
    assert answer.headers["HX-Retarget"] == "#form-shared-0"
    assert page.revision == 1


def test_every_operation_has_a_form_that_can_be_sent_back(page: PlanPage) -> None:
    for operation in OPERATIONS.values():
        form = page.get(f"/step?op={operation.key}&output=web")
        for parameter in operation.parameters:
            assert f'name="p.{parameter.name}"' in form


def test_a_step_is_added_moved_and_removed_and_that_is_taken_back(page: PlanPage) -> None:
    assert page.send("step", op="sharpen", output="print", scope="all").status_code == 200
    assert [s.op for s in page.plan.outputs[1].steps] == ["sharpen"]
    assert page.send("edit", index=0, output="", by=1).status_code == 200
    assert [s.op for s in page.plan.steps] == ["contrast", "exposure"]
    problem(page.send("edit", index=0, output="", by=-1), 422, "fixed_order")
    answer = page.send("edit", do="remove", index=0, output="")
    undo = re.search(r'data-undo="(\d+)"', answer.get_data(as_text=True))
    assert undo
    assert page.send("restore", number=undo[1], final="yes").status_code == 200
    assert [s.op for s in page.plan.steps] == ["contrast", "exposure"]


def test_outputs_are_added_renamed_and_removed(page: PlanPage) -> None:
    assert page.send("edit", do="add_output", name="shop", folder="out", like="web").status_code == 200
    assert page.send("edit", do="rename_output", name="print", new_name="paper", folder="").status_code == 200
    assert page.send("edit", do="remove_output", name="web").status_code == 200
    assert [(o.name, o.folder) for o in page.plan.outputs] == [("paper", ""), ("shop", "out")]
    problem(page.send("edit", do="add_output", name="a b"), 422, "invalid_output_name")


def test_a_change_of_an_older_plan_is_refused_and_the_newer_one_shown(page: PlanPage) -> None:
    page.send("edit", index=0, output="", by=1)
    for action, form in (
        ("edit", {"do": "remove", "index": 0, "output": ""}),
        ("step", {"op": "shadow", "output": ""}),
        ("restore", {"number": 1}),
        ("profile", {"profile": "amazon_main"}),
        ("confirm", {}),
        ("submit", {"instruction": "other words"}),
    ):
        answer = page.send(action, revision=1, **form)
        assert answer.status_code == 409, action
        html = answer.get_data(as_text=True)
        assert 'data-revision="2"' in html
        assert 'role="alert"' in html
    assert page.revision == 2
    assert page.site.studio.order(page.order_id).status is OrderStatus.AWAITING_CONFIRMATION


def test_without_the_number_of_the_plan_the_older_page_would_win(page: PlanPage) -> None:
    page.send("edit", index=0, output="", by=1)
    page.person.call("POST", f"{page.path}/edit", headers=HTMX, data={"do": "remove", "index": 0, "output": ""})
    assert page.revision == 3


@pytest.mark.req("S0-INST-05")
def test_confirming_twice_starts_once(page: PlanPage) -> None:
    key = re.search(r'name="key" value="([^"]+)"', page.get())
    assert key
    for _ in range(2):
        answer = page.send("confirm", revision=1, key=key[1])
        assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, f"/orders/{page.order_id}")
    assert page.site.studio.balance(page.person.actor).held == 3 * PRICE
    assert page.person.call("GET", page.path).headers["Location"].endswith(f"/orders/{page.order_id}")


def test_too_few_credits_are_told_and_the_affordable_part_is_offered(site: Site) -> None:
    poor = site.person(credits=2 * PRICE)
    shown = PlanPage(site, poor, site.studio.planned(poor.actor).order.id)
    html = text(shown.get())
    assert f"{PRICE} credits are missing." in html
    assert "pays for 2 of 3 pictures" in html
    assert 'disabled id="plan-confirm"' in shown.get()
    refused = shown.send("confirm")
    assert refused.status_code == 422
    assert site.studio.balance(poor.actor).held == 0
    kept = shown.send("pictures").get_data(as_text=True)
    assert "2 pictures, 1 left out" in text(kept)
    everything = re.findall(r'name="image" value="(\w+)"', kept)
    assert "3 pictures ·" in text(shown.send("pictures", image=everything).get_data(as_text=True))
    assert shown.send("pictures").status_code == 200
    assert shown.send("confirm").status_code == 204


def test_questions_are_answered_in_place(site: Site, ada: Person) -> None:
    plan = attrs.evolve(brighter(), questions=(QUESTION,))
    shown = PlanPage(site, ada, site.studio.planned(ada.actor, plan=plan).order.id)
    assert 'data-is-open="true"' in shown.get()
    assert 'disabled id="plan-confirm"' in shown.get()
    assert shown.send("preview", image=site.studio.images(shown.order_id)[0].id).get_json()["data"] is None
    answer = shown.send("answers", question="white", option="pure")
    assert 'data-is-open="true"' not in answer.get_data(as_text=True)
    assert shown.plan.open_questions == ()


def test_the_preview_follows_the_form_before_it_is_saved(page: PlanPage) -> None:
    image = page.site.studio.images(page.order_id)[0].id
    shown = page.send("preview", image=image, op="exposure", index=0, output="", **{"p.ev": "2"}).get_json()["data"]
    plain = page.send("preview", image=image).get_json()["data"]
    assert [f["output"] for f in shown["files"]] == ["web", "print"]
    assert shown["files"][0]["url"] != plain["files"][0]["url"]
    assert page.revision == 1
    wrong = page.send("preview", image=image, op="exposure", index=0, output="", **{"p.ev": "99"}).get_json()
    assert (wrong["data"], wrong["problem"]) == (None, "Some values do not fit yet.")


def test_earlier_plans_are_compared_in_plain_words(page: PlanPage) -> None:
    page.send("step", op="exposure", index=0, output="", scope="all", **{"p.ev": "1"})
    html = text(page.get("/revisions?number=1"))
    assert "From plan 1 to now" in html
    assert "Stops: 0.5 EV → 1 EV" in html
    assert page.send("restore", number=1).status_code == 200
    assert page.plan.steps == TWO.steps


@pytest.mark.req("S0-INST-02")
def test_new_words_are_planned_again_and_what_that_replaces_is_told(site: Site, ada: Person) -> None:
    shown = PlanPage(site, ada, site.studio.planned(ada.actor).order.id)
    assert "replaces" not in shown.get("/replacing")
    shown.send("edit", do="remove", index=0, output="")
    assert "replaces 1 change made by hand" in text(shown.get("/replacing"))
    answer = shown.send("submit", instruction="darker\r\nplease")
    assert answer.headers["HX-Redirect"] == shown.path
    assert site.studio.planner.asked[-1].instruction == "darker\nplease"
    numbers = [r.number for r in site.studio.use(ListRevisions)(actor=ada.actor, order_id=shown.order_id)]
    assert numbers == [3, 2, 1]


def test_a_planner_that_fails_is_told_and_asked_again(site: Site, ada: Person) -> None:
    order = site.studio.draft(ada.actor, instruction="oops")
    site.studio.planner.lines["oops"] = ProviderUnavailableError("The planner is away.")
    shown = PlanPage(site, ada, order.id)
    assert "This order is not planned yet" in shown.get()
    answer = ada.call("POST", f"{shown.path}/submit", headers=HTMX)
    assert answer.headers["HX-Redirect"] == f"{shown.path}?failed=yes"
    assert "The plan could not be made" in ada.call("GET", f"{shown.path}?failed=yes").get_data(as_text=True)
    site.studio.planner.lines["oops"] = brighter()
    ada.call("POST", f"{shown.path}/submit", headers=HTMX)
    assert "Brighten by 0.5 EV" in shown.get()


def test_an_order_elsewhere_leads_there(site: Site, ada: Person) -> None:
    empty = ada.post("/api/orders", {"name": "Empty"})["data"]["id"]
    answer = ada.call("GET", f"/orders/{empty}/plan")
    assert answer.headers["Location"] == f"/dashboard?order={empty}"


def test_an_order_that_is_being_planned_waits(site: Site, ada: Person) -> None:
    order = site.studio.draft(ada.actor)
    shown = PlanPage(site, ada, order.id)
    seen: list[str] = []

    def slowly() -> EditPlan:
        seen.append(shown.get())
        seen.append(str(ada.call("GET", f"{shown.path}/state", headers=HTMX).status_code))
        return brighter()

    site.studio.planner.lines["brighter"] = slowly
    ada.post(f"/api/orders/{order.id}/submit")
    assert "The plan is being written" in seen[0]
    assert seen[1] == "204"
    assert ada.call("GET", f"{shown.path}/state", headers=HTMX).headers["HX-Redirect"] == shown.path


def test_recipes_and_marketplaces_are_one_click_away(page: PlanPage) -> None:
    assert "Saved as a recipe" in page.send("save", name="My look").get_data(as_text=True)
    assert "My look" in page.get()
    assert page.send("profile", profile="amazon_main", as_output="yes").status_code == 200
    assert page.plan.outputs[-1].name == "amazon_main"
    assert page.send("recipe", recipe="My look").status_code == 200
    assert page.plan.output_names == ("web", "print")


def test_the_brief_is_shown_with_its_name(site: Site, ada: Person) -> None:
    order = site.studio.draft(ada.actor, instruction="brighter")
    ada.call("PATCH", f"/api/orders/{order.id}", json={"brief": "Only the first picture."})
    ada.post(f"/api/orders/{order.id}/submit")
    assert "Only the first picture." in PlanPage(site, ada, order.id).get()


def test_fields_come_from_the_catalogue() -> None:
    shown = {f.name: f for f in fields(find_operation("shadow"), {"opacity": 40})}
    assert attrs.evolve(shown["opacity"], hint="") == FieldView(
        name="opacity", label="Opacity", hint="", control="number", value="40", placeholder="30 %", unit="%", low="0",
        high="100", step="0.5", has_slider=True,
    )  # fmt: skip
    assert shown["type"].options == (("none", "None"), ("drop", "Drop"), ("contact", "Contact"))
    assert shown["colour"].control == "colour"


def test_a_form_left_as_it_came_changes_nothing() -> None:
    for operation in OPERATIONS.values():
        sent = MultiDict([(f"p.{f.name}", f.value) for f in fields(operation, {}) if f.control != "flag"])
        params, errors = submitted(operation, sent)
        assert errors == {}
        assert {k: v for k, v in params.items() if v is not None} == {}
    assert submitted_scope(MultiDict([("scope", "mixed")])) is None
