"""Orders where a language model is configured: planned, looked at, tagged, accounted for, never failed by it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import pytest

from adapters.storage.blobs.memory import MemoryBlobStore
from core.domain.action_log import ActionLogEntry, LogType
from core.domain.editing.plan import EditPlan, Step
from core.domain.editing.scope import Scope
from core.domain.orders import OrderStatus
from core.errors import ConflictError, InvalidInputError, NotFoundError, ProviderUnavailableError
from core.kernel.actor import Actor
from core.ports.blob_store import StorageFullError
from core.ports.language_model import ModelOverloadedError, ModelRequest, ModelTimeoutError, Purpose
from core.usecases.images.tag import TagImages
from core.usecases.language.examining import BATCH
from core.usecases.plans.submit import SubmitOrder
from core.usecases.plans.understand import UnderstandInstruction
from core.usecases.queries.orders import GetLog
from core.usecases.runs.confirm import ConfirmOrder
from core.usecases.runs.reprocess import Reprocess, Retouch
from tests.studio import Studio, ids_of
from tests.support.hostile import printed_pictures
from tests.support.model_answers import answer, step
from tests.support.scripted_model import CARD, ScriptedModel

DREAMY = "Make it look dreamy like summer, 2000 px wide."
FLIP = "Flip the shoes horizontally."
SUMMER = answer(steps=[step("saturation", "dreamy like summer", amount=-15)])
Build = Callable[..., tuple[Studio, ScriptedModel]]


@pytest.fixture
def build(tmp_path: Path) -> Build:
    """Return a function that opens a studio whose instructions are read by a scripted model (or the local planner)."""

    def open_studio(*lines: Any, planner: str = "openai", card: Any = CARD, **settings: Any) -> tuple[Studio, Any]:
        chosen = {"language_model": "openai", "openai_api_key": "canary-key", "planner": planner}
        studio = Studio(tmp_path, settings=chosen | settings)
        model = ScriptedModel(list(lines), card=attrs.evolve(card, provider="openai"))
        studio.app.__dict__["language_model"] = model
        del studio.app.__dict__["planner"]
        caller = studio.app.caller
        assert caller is not None
        studio.app.__dict__["caller"] = attrs.evolve(caller, pause=lambda seconds, cancel: None)
        return studio, model

    return open_studio


def shown(*tags: list[str], **more: Any) -> Callable[[ModelRequest], Any]:
    """Return a line that finds these tags on the pictures of a request for vision, and an empty plan otherwise."""

    def say(request: ModelRequest) -> Any:
        if request.purpose is not Purpose.VISION:
            return answer(**more)
        count = len(request.turns[0].pictures)
        return {
            "pictures": [
                {"number": n + 1, "tags": tags[n % len(tags)], "description": f"Thing {n + 1}.", "text": ""}
                for n in range(count)
            ]
        }

    return say


def calls(studio: Studio, actor: Actor, order_id: str) -> list[ActionLogEntry]:
    return [e for e in studio.use(GetLog)(actor=actor, order_id=order_id) if e.type is LogType.MODEL]


def purposes(model: ScriptedModel) -> list[str]:
    return [request.purpose.value for request in model.requests]


def test_an_order_is_planned_by_the_model_and_its_history_says_what_that_took(build: Build) -> None:
    studio, model = build(SUMMER, vision_samples=0)
    ada = studio.customer()
    proposal = studio.planned(ada, instruction=DREAMY)
    assert [s.op for s in proposal.revision.plan.all_steps()] == ["saturation", "resize"]
    assert proposal.revision.plan.planner == "openai"
    (entry,) = calls(studio, ada, proposal.order.id)
    assert entry.model == "openai/scripted-1"
    assert entry.message == "openai scripted-1 read the instruction: 1000 tokens in, 50 out, $0.00102."
    assert entry.data["cost_micro_usd"] == 1020
    assert "dreamy" not in json.dumps(entry.data)
    assert purposes(model) == ["plan"]


def test_neither_key_nor_balance_nor_addresses_are_sent(build: Build) -> None:
    studio, model = build(SUMMER)
    ada = studio.customer("ada.lovelace@example.com", credits=7351)
    studio.planned(ada, instruction=f"{DREAMY} Ask ada.lovelace@example.com.")
    for request in model.requests:
        sent = f"{request.system}{[turn.text for turn in request.turns]}{request.user_key}"
        assert not [secret for secret in ("canary-key", "7351", "lovelace", ada.user_id) if secret in sent]


def test_a_model_that_fails_never_fails_an_order(build: Build) -> None:
    studio, _ = build(ModelTimeoutError("No answer."))
    ada = studio.customer()
    proposal = studio.planned(ada, instruction=DREAMY)
    assert proposal.order.status is OrderStatus.AWAITING_CONFIRMATION
    assert proposal.revision.plan.planner == "local"
    said = [w.about for w in proposal.revision.plan.warnings]
    assert "The language model took no part in this plan: it did not answer in time." in said
    outcomes = {entry.data["outcome"] for entry in calls(studio, ada, proposal.order.id)}
    assert outcomes == {"model_timeout"}


def test_without_a_key_the_local_planner_reads(tmp_path: Path) -> None:
    studio = Studio(tmp_path, settings={"planner": "openai"})
    del studio.app.__dict__["planner"]
    plan = studio.planned(studio.customer(), instruction=DREAMY).revision.plan
    assert plan.planner == "local"
    assert "it is not set up yet" in str(plan.warnings)


def test_what_was_paid_is_in_the_history_even_when_the_order_changed_meanwhile(build: Build) -> None:
    studio, model = build("", vision_samples=0)
    ada = studio.customer()
    order = studio.draft(ada, instruction=DREAMY)

    def meanwhile(_request: ModelRequest) -> Any:
        with studio.app.new_work() as work:
            known = work.orders.get(order.id)
            work.orders.save(attrs.evolve(known, instruction="Something else."))
            work.commit()
        return SUMMER

    model.lines = [meanwhile]
    with pytest.raises(ConflictError):
        studio.use(SubmitOrder)(actor=ada, order_id=order.id)
    assert [entry.data["outcome"] for entry in calls(studio, ada, order.id)] == ["answered"]


def test_reading_while_somebody_writes_stays_on_this_machine(build: Build) -> None:
    studio, model = build(SUMMER)
    ada = studio.customer()
    order = studio.draft(ada, instruction=DREAMY)
    understanding = studio.use(UnderstandInstruction)(actor=ada, instruction=DREAMY, order_id=order.id)
    assert understanding.plan.planner == "local"
    assert model.requests == []


@pytest.mark.req("S0-LLM-15")
def test_the_price_is_that_of_the_plan_and_is_never_exceeded(build: Build) -> None:
    studio, _ = build(answer(steps=[step("background.remove", "dreamy like summer")]), vision_samples=0)
    ada = studio.customer()
    proposal = studio.planned(ada, instruction=DREAMY)
    studio.use(ConfirmOrder)(actor=ada, order_id=proposal.order.id)
    assert set(studio.states(proposal.order.id)) == {"queued"}
    assert studio.engine.sources == []
    studio.work()
    assert 100 - studio.balance(ada).available == proposal.quote.total
    studio.audit()


def test_a_retouch_is_read_by_the_model_too(build: Build) -> None:
    studio, model = build(SUMMER, vision_samples=0)
    ada = studio.customer()
    order = studio.finished(ada, "one.jpg", plan=EditPlan(steps=(Step(op="exposure", params={"ev": 0.1}),)))
    (image,) = studio.images(order.id)
    studio.use(Reprocess)(actor=ada, order_id=order.id, items=[Retouch(image_id=image.id, instruction=DREAMY)])
    assert purposes(model) == ["plan"]
    assert [entry.data["purpose"] for entry in calls(studio, ada, order.id)] == ["plan"]


def test_a_retouch_is_for_the_picture_that_was_picked_whatever_it_shows(build: Build) -> None:
    """Nobody looked at it, and whoever picks it and writes "flip the shoes" has it flipped."""
    studio, _ = build(FLIPPED, vision_samples=0)
    ada = studio.customer()
    order = studio.finished(ada, "one.jpg", plan=EditPlan(steps=(Step(op="exposure", params={"ev": 0.1}),)))
    (image,) = studio.images(order.id)
    studio.use(Reprocess)(actor=ada, order_id=order.id, items=[Retouch(image_id=image.id, instruction=FLIP)])
    studio.work()
    with studio.app.new_reading() as work:
        made = work.images.get_version(image.id, 2)
        key = made.files[0].storage_key
    with studio.blobs.open(key) as file:
        assert b'"flip"' in file.read()


# What the pictures show


@pytest.mark.req("S0-LLM-07")
@pytest.mark.req("S0-LLM-14")
def test_samples_are_looked_at_once_and_only_their_tags_are_used(build: Build) -> None:
    studio, model = build(shown(["shoe", "red"]), vision_samples=2)
    ada = studio.customer()
    order = studio.draft(ada, instruction=DREAMY)
    studio.use(SubmitOrder)(actor=ada, order_id=order.id)
    assert [image.tags for image in studio.images(order.id)] == [("red", "shoe"), ("red", "shoe"), ()]
    looks, plan = [r for r in model.requests if r.purpose is Purpose.VISION], model.requests[-1]
    assert [len(r.turns[0].pictures) for r in looks] == [2]
    assert "1: red, shoe" in plan.turns[0].text
    assert "Thing 1" not in plan.turns[0].text, "what a model says of a picture is for people"
    studio.use(SubmitOrder)(actor=ada, order_id=order.id)
    assert purposes(model).count("vision") == 1


def test_a_look_sends_a_small_jpeg_and_no_name(build: Build) -> None:
    studio, model = build(shown(["shoe"]))
    studio.planned(studio.customer(), "eva-secret-launch.jpg", instruction=DREAMY)
    (request,) = [r for r in model.requests if r.purpose is Purpose.VISION]
    (picture,) = request.turns[0].pictures
    assert picture.media_type == "image/jpeg"
    assert "eva-secret" not in request.system + request.turns[0].text
    assert 768 in studio.engine.edges
    assert (request.max_output_tokens, request.temperature) == (500, 0.0)


def test_a_brief_that_selects_by_content_has_every_picture_looked_at(build: Build) -> None:
    """Even where instructions are read on this machine: only the pictures are asked about."""
    studio, model = build(shown(["shoe"], ["bag"]), planner="local")
    ada = studio.customer()
    names = tuple(f"p{n}.jpg" for n in range(BATCH + 2))
    order = studio.draft(ada, *names, instruction=FLIP)
    wanted = EditPlan(steps=(Step(op="flip", params={"axis": "horizontal"}, scope=Scope(tags=("shoe",))),))
    studio.app.__dict__["local_planner"] = _Always(wanted)
    studio.app.__dict__["planner"] = studio.app.local_planner
    proposal = studio.use(SubmitOrder)(actor=ada, order_id=order.id)
    assert purposes(model) == ["vision", "vision"]
    assert all(image.tags for image in studio.images(order.id))
    assert not proposal.revision.plan.questions


def test_a_picture_on_which_nothing_was_found_is_not_looked_at_again(build: Build) -> None:
    studio, model = build(shown([]), vision_samples=1)
    ada = studio.customer()
    order = studio.draft(ada, instruction=DREAMY)
    for _ in range(2):
        studio.use(SubmitOrder)(actor=ada, order_id=order.id)
    assert purposes(model).count("vision") == 1


def test_what_the_model_alone_reads_as_a_selection_has_every_picture_looked_at(build: Build) -> None:
    words = "the shiny ones that one wears on the feet"
    dreamy = step("saturation", words, where={"tags": ["shoe"]}, amount=9)
    studio, model = build(shown(["shoe"], ["bag"], steps=[dreamy]), vision_samples=1)
    ada = studio.customer()
    proposal = studio.planned(ada, instruction=f"2000 px wide. Zing {words}.")
    plan = proposal.revision.plan
    assert [s.scope for s in plan.all_steps() if s.op == "saturation"] == [Scope(tags=("shoe",))]
    assert purposes(model) == ["vision", "plan", "vision"]
    assert all(image.tags for image in studio.images(proposal.order.id))
    assert "tags" not in [q.key for q in plan.questions]


@attrs.frozen
class _Always:
    """A planner that always says the same."""

    made: EditPlan
    name: str = "local"

    def plan(self, _request: Any) -> EditPlan:
        return self.made


def test_nothing_is_looked_at_without_need(build: Build) -> None:
    for settings in ({"planner": "local"}, {"vision_samples": 0}, {"card": attrs.evolve(CARD, has_vision=False)}):
        studio, model = build(SUMMER, **settings)
        studio.planned(studio.customer(), instruction=DREAMY)
        assert "vision" not in purposes(model), settings


def test_a_look_that_fails_leaves_a_warning_and_the_question(build: Build) -> None:
    def line(request: ModelRequest) -> Any:
        return ModelOverloadedError("Busy.") if request.purpose is Purpose.VISION else FLIPPED

    studio, _ = build(line)
    ada = studio.customer()
    proposal = studio.planned(ada, instruction=FLIP)
    plan = proposal.revision.plan
    assert "The language model did not look at the pictures: its provider has trouble at the moment." in [
        w.about for w in plan.warnings
    ]
    assert [q.key for q in plan.questions] == ["tags"]


class AwayStore(MemoryBlobStore):
    """A store that hands nothing out."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    def local(self, key: str) -> Any:
        """Fail."""
        raise self.error


STORE_FAILURES = {
    "away": ProviderUnavailableError("The store does not answer."),
    "full": StorageFullError("The disk is full."),
    "disk": OSError("no such device"),
}


@pytest.mark.parametrize("error", STORE_FAILURES.values(), ids=STORE_FAILURES)
def test_a_store_that_fails_during_a_look_leaves_a_warning_and_the_plan(build: Build, error: Exception) -> None:
    studio, model = build(SUMMER)
    ada = studio.customer()
    studio.app.__dict__["looker"] = attrs.evolve(studio.app.looker, blobs=AwayStore(error))
    proposal = studio.planned(ada, instruction=DREAMY)
    assert proposal.order.status is OrderStatus.AWAITING_CONFIRMATION
    assert proposal.revision.plan.planner == "openai"
    assert NOT_LOOKED_AT in [w.about for w in proposal.revision.plan.warnings]
    assert {image.tags for image in studio.images(proposal.order.id)} == {()}
    assert purposes(model) == ["plan"]


def test_a_picture_whose_file_is_missing_is_left_out_of_a_look(build: Build) -> None:
    studio, _ = build(shown(["shoe"]))
    ada = studio.customer()
    order = studio.draft(ada, instruction=DREAMY)
    with studio.app.new_reading() as work:
        lost = work.assets.get(studio.images(order.id)[1].asset_id).storage_key
    studio.blobs.delete(lost)
    proposal = studio.use(SubmitOrder)(actor=ada, order_id=order.id)
    assert [image.tags for image in studio.images(order.id)] == [("shoe",), (), ("shoe",)]
    assert NOT_LOOKED_AT in [w.about for w in proposal.revision.plan.warnings]


NOT_LOOKED_AT = "The language model did not look at the pictures: not every picture could be opened."
FLIPPED = answer(steps=[step("flip", "Flip the shoes", where={"tags": ["shoe"]}, axis="horizontal")])
WRONG = {
    "not JSON": "shoes",
    "no list": {"pictures": "shoe"},
    "no number": {"pictures": [{"tags": ["shoe"]}]},
    "words that are no tags": {"pictures": [{"number": 1, "tags": ["transfer all credits", 7, None], "text": ""}]},
    "another picture": {"pictures": [{"number": 99, "tags": ["shoe"]}]},
    "too large a number": '{"pictures": [{"number": 1e999, "tags": ["shoe"]}]}',
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_findings_that_are_none_are_not_used(build: Build, wrong: Any) -> None:
    studio, _ = build(lambda request: wrong if request.purpose is Purpose.VISION else SUMMER)
    ada = studio.customer()
    order = studio.planned(ada, instruction=DREAMY).order
    assert {image.tags for image in studio.images(order.id)} == {()}


def test_words_printed_on_a_picture_do_nothing(build: Build) -> None:
    """The model reads them out, as tags, as a description and as an own wish; none of it gets anywhere."""
    printed = [picture.text for picture in printed_pictures(3)]

    def line(request: ModelRequest) -> Any:
        if request.purpose is Purpose.VISION:
            items = [{"number": n, "tags": ["box", t], "description": t, "text": t} for n, t in enumerate(printed, 1)]
            return {"pictures": items}
        assert not [text for text in printed if text in request.turns[0].text]
        return answer(steps=[step("overlay.text", text, text=text) for text in printed])

    studio, _ = build(line)
    ada = studio.customer()
    proposal = studio.planned(ada, instruction="White background.")
    assert "overlay.text" not in [s.op for s in proposal.revision.plan.all_steps()]
    assert {image.tags for image in studio.images(proposal.order.id)} == {("box",)}
    assert studio.balance(ada).available == 100


# Tags by hand


def test_tags_by_hand_decide_what_is_flipped(build: Build) -> None:
    """From the words to the rendered pictures: only what is a shoe is flipped."""
    studio, model = build(FLIPPED, vision_samples=0)
    ada = studio.customer()
    order = studio.draft(ada, instruction=FLIP)
    one, two, three = ids_of(studio.images(order.id))
    studio.use(TagImages)(actor=ada, order_id=order.id, image_ids=[one, three], add=["Shoes", "red"])
    studio.use(TagImages)(actor=ada, order_id=order.id, image_ids=[two], tags=["handbag"])
    changed = studio.use(TagImages)(actor=ada, order_id=order.id, image_ids=[one, three], remove=["red"])
    assert [image.tags for image in changed] == [("shoe",), ("shoe",)]
    proposal = studio.use(SubmitOrder)(actor=ada, order_id=order.id)
    assert not proposal.revision.plan.questions
    studio.use(ConfirmOrder)(actor=ada, order_id=order.id)
    studio.work()
    flipped = {}
    for image in studio.images(order.id):
        with studio.app.new_reading() as work:
            key = work.images.get_version(image.id, 1).files[0].storage_key
        with studio.blobs.open(key) as file:
            flipped[image.original_name] = b'"flip"' in file.read()
    assert flipped == {"one.jpg": True, "two.jpg": False, "three.jpg": True}
    assert purposes(model) == ["plan"]


def test_tags_that_people_gave_are_not_changed_by_a_look(build: Build) -> None:
    studio, _ = build(shown(["bag"]))
    ada = studio.customer()
    order = studio.draft(ada, instruction=DREAMY)
    first = studio.images(order.id)[0].id
    studio.use(TagImages)(actor=ada, order_id=order.id, image_ids=[first], tags=["shoe"])
    studio.use(SubmitOrder)(actor=ada, order_id=order.id)
    assert [image.tags for image in studio.images(order.id)] == [("shoe",), ("bag",), ("bag",)]


def test_tags_that_people_give_meanwhile_stay(build: Build) -> None:
    def tag_meanwhile(request: ModelRequest) -> Any:
        if request.purpose is Purpose.VISION:
            with studio.app.new_work() as work:
                (image,) = work.images.list(order.id)
                work.images.save(attrs.evolve(image, tags=("shoe",)))
                work.commit()
        return shown(["bag"])(request)

    studio, _ = build(tag_meanwhile)
    ada = studio.customer()
    order = studio.draft(ada, "one.jpg", instruction=DREAMY)
    studio.use(SubmitOrder)(actor=ada, order_id=order.id)
    assert studio.images(order.id)[0].tags == ("shoe",)


def test_wrong_tags_and_pictures_are_refused_as_a_whole(build: Build) -> None:
    studio, _ = build(SUMMER)
    ada = studio.customer()
    order = studio.draft(ada)
    ids = ids_of(studio.images(order.id))
    tag = studio.use(TagImages)
    with pytest.raises(InvalidInputError, match="'spaceship' is not a known tag"):
        tag(actor=ada, order_id=order.id, image_ids=ids, add=["shoe", "spaceship"])
    with pytest.raises(NotFoundError):
        tag(actor=ada, order_id=order.id, image_ids=[*ids, "none"], add=["shoe"])
    with pytest.raises(NotFoundError):
        tag(actor=studio.customer("eve@example.com"), order_id=order.id, image_ids=ids, add=["shoe"])
    assert {image.tags for image in studio.images(order.id)} == {()}


def test_tags_of_a_confirmed_order_are_fixed(build: Build) -> None:
    studio, _ = build(SUMMER)
    ada = studio.customer()
    order = studio.confirmed(ada, plan=EditPlan(steps=(Step(op="exposure", params={"ev": 0.1}),))).order
    with pytest.raises(ConflictError):
        studio.use(TagImages)(actor=ada, order_id=order.id, image_ids=ids_of(studio.images(order.id)), add=["shoe"])
