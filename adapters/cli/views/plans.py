"""Plans with their prices: documents and text."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from adapters.cli.output import count, print_line, print_table
from core.domain.briefs import Citation, on_one_line
from core.domain.credits.prices import Quote
from core.domain.editing.document import scope_from_document, to_document
from core.domain.editing.plan import Cause, EditPlan, Question
from core.domain.editing.provided import is_provided, wish_sentence
from core.domain.editing.sentences import scope_words
from core.usecases.plans.places import places_of
from core.usecases.plans.proposal import Proposal

if TYPE_CHECKING:
    from rich.console import Console


def question_document(question: Question) -> dict[str, Any]:
    """Describe a question with its options."""
    return {
        "key": question.key,
        "about": question.about,
        "options": [{"key": o.key, "label": o.label} for o in question.options],
        "blocking": question.blocking,
        "default": question.default,
        "answer": question.answer,
    }


def plan_document(plan: EditPlan) -> dict[str, Any]:
    """Describe a plan: the document that can be edited and read back."""
    return to_document(plan)


def quote_document(quote: Quote) -> dict[str, Any]:
    """Describe a price."""
    return {
        "price_version": quote.price_version,
        "lines": [
            {"operation": x.operation, "quantity": x.quantity, "unit_price": x.unit_price, "total": x.total}
            for x in quote.lines
        ],
        "total": quote.total,
    }


def proposal_document(proposal: Proposal) -> dict[str, Any]:
    """Describe a plan with its revision, price and balance."""
    plan = proposal.revision.plan
    places = places_of(proposal.order)
    return {
        "order_id": proposal.order.id,
        "revision": proposal.revision.number,
        "origin": proposal.revision.origin.value,
        "images": proposal.images,
        "plan": plan_document(plan),
        "citations": [citation_document(c, at, places.name) for c, at in places.citations(plan).items()],
        "questions": [question_document(q) for q in plan.questions],
        "quote": quote_document(proposal.quote),
        "available": proposal.available,
        "is_affordable": proposal.is_affordable,
    }


def citation_document(cause: Cause, citation: Citation, name: str) -> dict[str, Any]:
    """Describe where words of a brief stand; ``start`` and ``end`` are those of the cause in the plan."""
    return {
        "start": cause.start, "end": cause.end, "words": cause.words, "page": citation.page, "line": citation.line,
        "place": citation.within(name),
    }  # fmt: skip


def scope_text(scope: dict[str, Any]) -> str:
    """Say which pictures a step is for."""
    return scope_words(scope_from_document(scope)) if scope else "all"


def _params(params: dict[str, Any]) -> str:
    return ", ".join(f"{k}={v}" for k, v in params.items())


def _quoting(citations: Iterable[dict[str, Any]]) -> Callable[[dict[str, Any]], str]:
    """Return what quotes the words behind a part of a plan, with their place in the brief."""
    places = {(c["start"], c["end"]): c["place"] for c in citations}

    def words(part: dict[str, Any]) -> str:
        cause = part.get("cause")
        if not cause:
            return ""
        place = places.get((cause["start"], cause["end"]))
        return f"“{on_one_line(cause['words'])}”" + (f" ({place})" if place else "")

    return words


def print_plan(console: "Console", plan: dict[str, Any], citations: Iterable[dict[str, Any]] = ()) -> None:
    """Print what was understood, what was assumed, and what will not be done."""
    words = _quoting(citations)
    rows = [(number, s["op"], _params(s.get("params", {})), scope_text(s.get("scope", {})), "all", words(s))
            for number, s in enumerate(plan.get("steps", ()), 1)]  # fmt: skip
    for output in plan.get("outputs", ()):
        name = output["name"] + (f" in {output['folder']}" if output.get("folder") else "")
        steps = output.get("steps") or [{"op": "(shared steps)"}]
        rows += [
            (number, s["op"], _params(s.get("params", {})), scope_text(s.get("scope", {})), name, words(s))
            for number, s in enumerate(steps, 1)
        ]
    print_table(console, (">#", "Step", "How", "Pictures", "Output", "Because of"), rows)
    for constraint in plan.get("constraints", ()):
        where = scope_text(constraint.get("scope", {}))
        what = f"{', '.join(constraint['ops'])}{' of ' + constraint['region'] if constraint.get('region') else ''}"
        print_line(console, f"Never: {what} on {where}. {words(constraint)}")
    for title, parts in (("Assumed", plan.get("assumptions", ())), ("Note", plan.get("warnings", ()))):
        for part in parts:
            print_line(console, f"{title}: {part['about']} {words(part)}".rstrip(), style="yellow")
    for part in plan.get("unsupported", ()):
        print_line(console, _left_out(part), style="red")


def _left_out(part: dict[str, Any]) -> str:
    if part.get("refused") or not is_provided(part.get("op")):
        return f"{'Refused' if part.get('refused') else 'Not done'}: {part['words']}: {part['reason']}"
    where = "" if not part.get("scope") else f" ({scope_text(part['scope'])})"
    wish = wish_sentence(part["op"], part.get("params", {}))
    return f"Needs a provider: {part['words']}: {wish}{where}. {part['reason']}"


def print_questions(console: "Console", questions: list[dict[str, Any]]) -> None:
    """Print questions with what can be answered."""
    for question in questions:
        state = " (must be answered)" if question["blocking"] and not question["answer"] else ""
        print_line(console, f"Question {question['key']}{state}: {question['about']}", style="bold")
        for option in question["options"]:
            chosen = option["key"] == (question["answer"] or question["default"])
            print_line(console, f"  {'>' if chosen else '-'} {question['key']}={option['key']}  {option['label']}")
        if not question["options"]:
            print_line(console, "  Change the instruction to answer it.")


def print_quote(console: "Console", quote: dict[str, Any]) -> None:
    """Print a price."""
    rows = [(x["operation"], x["quantity"], x["unit_price"], x["total"]) for x in quote["lines"]]
    print_table(console, ("Operation", ">Quantity", ">Credits each", ">Credits"), rows)
    print_line(console, f"Price: {count(quote['total'], 'credit')} (price list {quote['price_version']}).")


def print_proposal(console: "Console", document: dict[str, Any]) -> None:
    """Print plan, questions and price."""
    print_line(console, f"Plan {document['revision']} for {count(document['images'], 'picture')}", style="bold")
    print_plan(console, document["plan"], document["citations"])
    print_questions(console, document["questions"])
    print_quote(console, document["quote"])
    if document["available"] is not None:
        print_line(console, f"Available: {count(document['available'], 'credit')}.")
