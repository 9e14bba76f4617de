"""The document of a brief stays with its order: kept, replaced, removed, copied, counted, downloaded, purged."""

import datetime as dt

import pytest

from core.domain.assets import Asset, AssetState, Purpose
from core.domain.briefs import SOFT_BREAK
from core.domain.editing.plan import Cause, EditPlan, Step
from core.domain.orders import Order, clean_words
from core.errors import LimitReachedError, NotAllowedError, NotFoundError
from core.kernel.actor import Actor, Scope
from core.usecases.accounts.users import ChangeUser
from core.usecases.maintenance.purge import PurgeOrders
from core.usecases.maintenance.sweep import SweepFiles
from core.usecases.orders.again import RunAgain
from core.usecases.orders.brief_files import DownloadBrief
from core.usecases.orders.change import DeleteOrder
from core.usecases.orders.read_brief import Brief, ReadBrief
from core.usecases.orders.set_instruction import NO_BRIEF, SetInstruction
from core.usecases.plans.explain import ExplainOrder, ExplainWords
from core.usecases.plans.places import Places, places_of
from core.usecases.plans.understand import UnderstandInstruction
from core.usecases.queries.orders import GetLog
from tests.studio import Studio

WORDS = b"White background.\nSave as PNG."


def attached(studio: Studio, actor: Actor, content: bytes = WORDS, *, order: Order | None = None) -> Order:
    """Return an order with a document attached."""
    order = order or studio.draft(actor)
    file = studio.file("wishes.txt", content)
    brief = studio.use(ReadBrief)(name=file.name, path=file.path, size=file.bytes)
    return studio.use(SetInstruction)(actor=actor, order_id=order.id, brief=brief)


def downloaded(studio: Studio, actor: Actor, order: Order) -> bytes:
    """Return the document of an order."""
    asset = studio.use(DownloadBrief)(actor=actor, order_id=order.id)
    with studio.blobs.open(asset.storage_key) as file:
        return file.read()


def asset_of(studio: Studio, asset_id: str | None) -> Asset:
    """Return a stored file."""
    assert asset_id is not None
    with studio.app.new_reading() as work:
        return work.assets.get(asset_id)


def used(studio: Studio, actor: Actor) -> int:
    """Return how much an account stores."""
    with studio.app.new_reading() as work:
        return work.assets.used_bytes(actor.user_id)


@pytest.mark.req("S0-BRIEF-01")
def test_the_document_is_kept_as_it_was_uploaded(studio: Studio, ada: Actor) -> None:
    order = studio.draft(ada)
    before = used(studio, ada)
    order = attached(studio, ada, order=order)
    asset = asset_of(studio, order.brief_asset_id)
    assert (asset.purpose, asset.format, asset.original_name) == (Purpose.BRIEF, "text", "wishes.txt")
    assert used(studio, ada) == before + len(WORDS)
    assert downloaded(studio, ada, order) == WORDS
    assert studio.use(GetLog)(actor=ada, order_id=order.id)[-1].message == "Brief attached: wishes.txt."


@pytest.mark.req("S0-BRIEF-04")
def test_a_new_document_takes_the_place_of_the_old_one_and_of_its_bytes(studio: Studio, ada: Actor) -> None:
    first = attached(studio, ada)
    second = attached(studio, ada, b"Grey background.", order=first)
    assert asset_of(studio, first.brief_asset_id).state is AssetState.DELETED
    assert downloaded(studio, ada, second) == b"Grey background."
    assert studio.use(SetInstruction)(actor=ada, order_id=first.id, instruction="darker").brief_asset_id is not None


@pytest.mark.parametrize("brief", [NO_BRIEF, Brief(name="brief.txt", text="typed")], ids=["removed", "typed"])
def test_without_a_document_there_is_none_to_download(studio: Studio, ada: Actor, brief: Brief) -> None:
    order = attached(studio, ada)
    changed = studio.use(SetInstruction)(actor=ada, order_id=order.id, brief=brief)
    assert (changed.brief_asset_id, changed.brief_pages, changed.brief_text) == (None, (), brief.text)
    assert asset_of(studio, order.brief_asset_id).state is AssetState.DELETED
    with pytest.raises(NotFoundError) as none:
        studio.use(DownloadBrief)(actor=ada, order_id=order.id)
    assert none.value.code == "no_document"


def test_a_document_needs_room_and_a_right(studio: Studio, ada: Actor) -> None:
    order = studio.draft(ada)
    full = used(studio, ada)
    studio.use(ChangeUser)(actor=studio.operator(), user=ada.user_id, quota_bytes=full + len(WORDS) - 1)
    with pytest.raises(LimitReachedError) as refused:
        attached(studio, ada, order=order)
    assert refused.value.code == "quota_exceeded"
    assert studio.order(order.id).brief_text == ""
    studio.use(ChangeUser)(actor=studio.operator(), user=ada.user_id, quota_bytes=full + len(WORDS))
    order = attached(studio, ada, order=order)
    assert attached(studio, ada, order=order).brief_asset_id is not None, "the room of the old one is free again"
    with pytest.raises(LimitReachedError):
        studio.use(RunAgain)(actor=ada, order_id=order.id)
    reader = Actor(user_id=ada.user_id, roles=ada.roles, channel=ada.channel, scopes=frozenset({Scope.ORDERS_READ}))
    with pytest.raises(NotAllowedError):
        attached(studio, reader, order=order)
    with pytest.raises(NotFoundError):
        studio.use(DownloadBrief)(actor=studio.customer("bob@example.com"), order_id=order.id)


def test_an_order_opened_like_another_has_a_document_of_its_own(studio: Studio, ada: Actor) -> None:
    order = attached(studio, ada)
    again = studio.use(RunAgain)(actor=ada, order_id=order.id)
    assert (again.brief_text, again.brief_pages) == (order.brief_text, order.brief_pages)
    studio.use(SetInstruction)(actor=ada, order_id=order.id, brief=NO_BRIEF)
    assert downloaded(studio, ada, again) == WORDS


def test_the_document_goes_with_its_order(studio: Studio, ada: Actor) -> None:
    order = attached(studio, ada)
    key = asset_of(studio, order.brief_asset_id).storage_key
    studio.use(DeleteOrder)(actor=ada, order_id=order.id)
    studio.clock.advance(days=29)
    assert studio.use(PurgeOrders)() == 0
    assert downloaded(studio, ada, order) == WORDS
    studio.clock.advance(days=2)
    assert studio.use(PurgeOrders)() == 1
    assert asset_of(studio, order.brief_asset_id).state is AssetState.DELETED
    assert studio.blobs.exists(key)
    studio.use(SweepFiles)(age=dt.timedelta(days=-400))
    assert not studio.blobs.exists(key)


@pytest.mark.req("S0-BRIEF-01")
def test_words_of_a_brief_are_cited_by_page_and_line(studio: Studio, ada: Actor) -> None:
    order = studio.draft(ada, instruction="  brighter ")
    text = f"To you\nWhite{SOFT_BREAK}background.\n\nSave as PNG."
    brief = Brief(name="b.pdf", text=text, page_starts=(0, text.index("Save")), pages=2)
    order = studio.use(SetInstruction)(actor=ada, order_id=order.id, brief=brief)
    assert studio.order(order.id).brief_pages == (0, text.index("Save"))
    found = studio.use(UnderstandInstruction)(actor=ada, instruction=order.instruction, order_id=order.id)
    cited = {c.words: at.within("b.pdf") for c, at in found.places.citations(found.plan).items()}
    assert cited[f"White{SOFT_BREAK}background"] == "b.pdf, page 1, line 2"
    assert "b.pdf, page 2, line 1" in cited.values()
    assert "brighter" not in cited
    other = studio.use(UnderstandInstruction)(actor=ada, instruction="", brief="White background", order_id=order.id)
    assert next(at.within("") for at in other.places.citations(other.plan).values()) == "brief, line 1"


def test_words_that_were_changed_since_are_not_cited(studio: Studio, ada: Actor) -> None:
    places = places_of(attached(studio, ada))
    there = Cause(start=places.brief_at, end=places.brief_at + 5, words="White")
    gone = Cause(start=places.brief_at, end=places.brief_at + 5, words="Green")
    assert places.citation(there) is not None
    assert places.citation(gone) is None
    plan = EditPlan(steps=(Step(op="exposure", cause=there), Step(op="exposure", cause=gone), Step(op="exposure")))
    assert list(places.citations(plan)) == [there]


def test_clauses_are_explained_for_an_order_or_without_one(studio: Studio, ada: Actor) -> None:
    order = attached(studio, ada, b"Thanks")
    explained = studio.use(ExplainOrder)(actor=ada, order_id=order.id)
    assert [f.kind.value for f in explained.fates][-1] == "polite"
    assert studio.planner.asked[-1].names == ("one.jpg", "two.jpg", "three.jpg")
    other = studio.use(ExplainOrder)(actor=ada, order_id=order.id, places=Places(instruction="darker"))
    assert other.places.text == studio.planner.asked[-1].instruction == "darker"
    assert studio.use(ExplainWords)(Places(instruction="xyz")).fates[0].words == "xyz"
    with pytest.raises(NotFoundError):
        studio.use(ExplainOrder)(actor=studio.customer("bob@example.com"), order_id=order.id)


def test_spaces_of_all_kinds_stay_spaces_and_control_characters_go() -> None:
    text = "fond\u00a0blanc\r\n\u2003a\x07b\tc\u3000d\x0ce\u200b"
    assert clean_words(text, limit=99, what="brief") == "fond blanc\n ab\tc\u3000d e"
    assert clean_words(f"a{SOFT_BREAK}b", limit=9, what="brief") == f"a{SOFT_BREAK}b"
