"""Conversations, their messages, and the blocks in these."""

import attrs
import pytest

from core.domain.conversations import (
    AskedQuestion,
    Author,
    ChangeLine,
    Choice,
    Explanation,
    FailedList,
    FailedPicture,
    MessageState,
    PreviewWish,
    PriceLine,
    Proposal,
    QuotedPrice,
    Remark,
    StepLine,
    ValueLine,
)
from core.domain.orders import OrderStatus
from core.errors import ConflictError, NotFoundError
from tests.factories import HOUR, NOW, Seed, make_conversation, make_message
from tests.support.databases import AnyDatabase

BLOCKS = (
    Remark(text="Ä “quote”\n新"),
    Explanation(
        revision=2, steps=(StepLine(sentence="Cut", pictures="All", credits=1, output="web"),), kept=("k",),
        left_out=("l",), images=3, per_image=1, total=3,
    ),
    Proposal(
        base_revision=2, plan={"steps": [{"op": "exposure", "params": {"ev": 0.5}}]}, image_ids=("a", "b"),
        changes=(
            ChangeLine(change="changed", title="T", sentence="S", values=(ValueLine(label="l", old="o", new="n"),)),
        ),
        questions=("Which?",), images_before=3, images_after=2, total_before=3, total_after=2, applied_revision=3,
    ),
    Proposal(
        base_revision=0, base_instruction="a", instruction="a\nb", images_before=0, images_after=0, total_before=0,
        total_after=0,
    ),
    AskedQuestion(
        revision=1, key="white", about="Which white?", is_blocking=True, options=(Choice(key="p", label="Pure"),)
    ),
    QuotedPrice(
        price_version="v", images=2, per_image=1, total=2,
        lines=(PriceLine(operation="studio_edit", quantity=2, unit_price=1, total=2),), available=None,
    ),
    PreviewWish(image_id="i", name="i.jpg", plan={"steps": []}),
    FailedList(pictures=(FailedPicture(image_id="i", name="i.jpg", status="failed", code="c", reason="r"),)),
)  # fmt: skip


def test_messages_come_back_as_they_were_in_their_order(database: AnyDatabase) -> None:
    with database.new_work() as work:
        order = Seed(work).order()
        talk, other = make_conversation(order), make_conversation(Seed(work).order())
        work.conversations.add(talk)
        work.conversations.add(other)
        assert work.conversations.of_order(order.id) == talk
        assert work.conversations.of_order("none") is None
        answer = make_message(
            talk, sequence=2, author=Author.ASSISTANT, state=MessageState.STREAMING, by="local", blocks=BLOCKS
        )
        question = make_message(talk, created_at=NOW + HOUR)
        for message in (answer, question, make_message(other)):
            work.conversations.add_message(message)
        work.commit()
    with database.new_reading() as work:
        assert work.conversations.messages(talk.id) == (question, answer)
        assert work.conversations.get_message(answer.id) == answer
        assert work.conversations.messages("none") == ()
        with pytest.raises(NotFoundError):
            work.conversations.get_message("none")


def test_an_order_has_one_conversation_and_a_number_is_taken_once(database: AnyDatabase) -> None:
    with database.new_work() as work:
        order = Seed(work).order()
        talk = make_conversation(order)
        work.conversations.add(talk)
        for again in (make_conversation(order), talk):
            with pytest.raises(ConflictError):
                work.conversations.add(again)
        message = make_message(talk)
        work.conversations.add_message(message)
        for again in (make_message(talk), message):  # type: ignore[assignment]
            with pytest.raises(ConflictError):
                work.conversations.add_message(again)  # type: ignore[arg-type]
        assert work.conversations.messages(talk.id) == (message,)


def test_a_message_changes_its_words_and_not_its_place(database: AnyDatabase) -> None:
    with database.new_work() as work:
        talk = make_conversation(Seed(work).order())
        work.conversations.add(talk)
        message = make_message(talk, state=MessageState.STREAMING)
        work.conversations.add_message(message)
        changed = attrs.evolve(message, text="Done.", state=MessageState.DONE, by="x/y", blocks=BLOCKS[:1])
        work.conversations.save_message(attrs.evolve(changed, sequence=9))
        assert work.conversations.messages(talk.id) == (changed,)
        with pytest.raises(NotFoundError):
            work.conversations.save_message(make_message(talk))


def test_a_conversation_goes_with_its_order_and_no_other_does(database: AnyDatabase) -> None:
    with database.new_work() as work:
        seed = Seed(work)
        order, other = seed.order(status=OrderStatus.DELETED, deleted_at=NOW), seed.order()
        talks = [make_conversation(o) for o in (order, other)]
        for talk in talks:
            work.conversations.add(talk)
            work.conversations.add_message(make_message(talk))
        work.orders.purge(order.id)
        assert work.conversations.of_order(order.id) is None
        assert work.conversations.messages(talks[0].id) == ()
        assert work.conversations.of_order(other.id) == talks[1]
        assert len(work.conversations.messages(talks[1].id)) == 1


def test_a_summary_tells_who_wrote_it_and_when(database: AnyDatabase) -> None:
    with database.new_work() as work:
        order = Seed(work).order()
        assert (order.summary_by, order.summary_at) == ("", None)
        written = attrs.evolve(order, summary="3 of 3.", summary_by="x/y", summary_at=NOW)
        saved = work.orders.save(written)
        assert work.orders.get(order.id) == saved == attrs.evolve(written, row_version=saved.row_version)
