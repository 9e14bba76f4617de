"""``i2i assistant``: questions about an order and changes of its plan, in plain words."""

from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import attrs
import click

from adapters.cli.agreeing import StoppedError
from adapters.cli.commands import command, order_argument
from adapters.cli.output import print_line, safe
from adapters.cli.session import Session
from adapters.cli.views.plans import proposal_document
from core.domain.conversations import LOCAL, Message, PreviewWish, Proposal, Remark, write_blocks
from core.errors import I2IError, InvalidInputError
from core.usecases.conversations.apply import Applied, ApplyProposal
from core.usecases.conversations.read import ReadConversation
from core.usecases.conversations.send import Exchange, SendMessage

if TYPE_CHECKING:
    from rich.console import Console

LEAVE = frozenset({"", "exit", "quit", "bye"})
ABOUT = """Ask about an order, or say what to change; nothing changes before you confirm it.

Without MESSAGE it is a conversation at the terminal: an empty line ends it."""


@command(None, "assistant", about=ABOUT)
@order_argument
@click.argument("message", required=False, default="")
@click.option("--apply", "is_applied", is_flag=True, help="Confirm beforehand what the answer proposes.")
def assistant(session: Session, *, order_id: str, message: str, is_applied: bool) -> None:
    """Send one message, or talk until an empty line."""
    if message:
        _once(session, order_id, message, is_applied=is_applied)
        return
    if not session.is_interactive:
        raise InvalidInputError("Say what you want to know or to change: i2i assistant ORDER MESSAGE.", code="usage")
    by = session.use(ReadConversation)(actor=session.actor, order_id=order_id).by
    print_line(session.err, f"{_who(by)} An empty line ends the conversation.", style="dim")
    for words in _lines():
        with suppress(StoppedError):
            try:
                _talk(session, order_id, words)
            except I2IError as refused:
                print_line(session.err, refused.message, style="red")


def _once(session: Session, order_id: str, message: str, *, is_applied: bool) -> None:
    exchange = _ask(session, order_id, message)
    applied = _apply(session, order_id, exchange.answer) if is_applied and _proposal(exchange.answer) else None
    if applied is None and not session.as_json:
        applied = _offer(session, order_id, exchange.answer)
    document = {
        "question": message_document(exchange.question),
        "answer": message_document(applied.message if applied else exchange.answer),
        "applied": applied_document(applied) if applied is not None else None,
    }
    if session.as_json:
        session.show(document, lambda _console, _document: None)
    elif applied is not None:
        _print_applied(session.out, applied)
    # A remark says it where a model is configured and did not answer.
    if not session.as_json and not any(isinstance(b, Remark) for b in exchange.answer.blocks):
        print_line(session.err, _who(exchange.answer.by), style="dim")


def _talk(session: Session, order_id: str, words: str) -> None:
    exchange = _ask(session, order_id, words)
    applied = _offer(session, order_id, exchange.answer)
    if applied is not None:
        _print_applied(session.out, applied)


def _ask(session: Session, order_id: str, words: str) -> Exchange:
    """Send a message; at a terminal the answer is written while it comes."""
    found: Exchange | None = None
    said = ""
    for event in session.use(SendMessage).stream(actor=session.actor, order_id=order_id, text=words):
        if isinstance(event, Exchange):
            found = event
        elif not session.as_json:
            said += event.text
            click.echo(safe(event.text), nl=False)
    assert found is not None
    if said:
        click.echo()
    if not session.as_json:
        _print_rest(session.out, found.answer, said=said)
    return found


def _print_rest(console: "Console", answer: Message, *, said: str) -> None:
    """Print what the words that were written while they came do not hold."""
    for block in answer.blocks:
        if isinstance(block, Remark):
            print_line(console, block.text, style="dim")
    if answer.text.strip() != said.strip():
        print_line(console, answer.text)
    for block in answer.blocks:
        if isinstance(block, PreviewWish) and block.plan is None:
            print_line(console, "Render it with `i2i image preview`.", style="dim")


def _proposal(answer: Message) -> Proposal | None:
    return next((b for b in answer.blocks if isinstance(b, Proposal)), None)


def _offer(session: Session, order_id: str, answer: Message) -> Applied | None:
    """Ask whether a proposal is confirmed; where nobody can be asked, it waits."""
    proposal = _proposal(answer)
    if proposal is None:
        return None
    if not session.is_interactive:
        print_line(session.err, "Nothing was changed. Say it again with --apply to confirm it.")
        return None
    if not click.confirm("Change it so?", default=False, err=True):
        return None
    return _apply(session, order_id, answer)


def _apply(session: Session, order_id: str, answer: Message) -> Applied:
    return session.use(ApplyProposal)(actor=session.actor, order_id=order_id, message_id=answer.id)


def _print_applied(console: "Console", applied: Applied) -> None:
    if applied.plan is None:
        print_line(console, f"The instruction is now: {applied.order.instruction}", style="bold")
        return
    number, total = applied.plan.revision.number, applied.plan.quote.total
    print_line(console, f"Plan {number} holds now: {total} credit{'' if total == 1 else 's'}.", style="bold")


def message_document(message: Message) -> dict[str, Any]:
    """Describe a message with its blocks."""
    facts = attrs.asdict(message, filter=attrs.filters.exclude("blocks"))
    return {**facts, "blocks": write_blocks(message.blocks)}


def applied_document(applied: Applied) -> dict[str, Any]:
    """Describe what came of a confirmed proposal."""
    return {
        "instruction": applied.order.instruction,
        "plan": proposal_document(applied.plan) if applied.plan is not None else None,
    }


def _who(by: str) -> str:
    if by == LOCAL:
        return "Answered by the local planner: no language model is configured, and nothing leaves this machine."
    return f"Answered by {by}."


def _lines() -> Iterator[str]:
    """Yield what is typed, with the editing and the history of the terminal where it has them."""
    with suppress(ImportError):
        import readline  # noqa: F401 - importing it is what makes input() use it
    while True:
        try:
            words = input("> ").strip()
        except EOFError:
            return
        if words.casefold() in LEAVE:
            return
        yield words
