"""Briefs line by line, and what became of each of their clauses: documents and text."""

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from adapters.cli.output import count, print_line, safe
from adapters.cli.views.plans import plan_document
from core.domain.briefs import SOFT_BREAK, cite, on_one_line
from core.domain.editing.fates import FateKind
from core.domain.editing.plan import Cause, EditPlan
from core.domain.editing.sentences import scope_words, step_sentence
from core.usecases.plans.explain import Explanation

if TYPE_CHECKING:
    from rich.console import Console

# What each kind is called, how it looks, and what it means.
KINDS: dict[FateKind, tuple[str, str, str]] = {
    FateKind.STEP: ("done", "green", "will be done"),
    FateKind.CONSTRAINT: ("kept", "cyan", "will be left as it is"),
    FateKind.QUESTION: ("asked", "bold yellow", "must be answered before anything is spent"),
    FateKind.REFUSAL: ("not done", "red", "was understood and will not be done here"),
    FateKind.ASSUMPTION: ("assumed", "blue", "was decided for you; say otherwise to change it"),
    FateKind.WARNING: ("noted", "magenta", "should be known"),
    FateKind.NOT_UNDERSTOOD: ("not understood", "bold red", "nothing is done about it"),
    FateKind.POLITE: ("courtesy", "dim", "asks for nothing"),
}


def lines_document(text: str, page_starts: Sequence[int]) -> list[dict[str, Any]]:
    """Describe a text line by line, with the numbers by which places in it are cited."""
    lines, start = [], 0
    for line in text.replace(SOFT_BREAK, "\n").split("\n"):
        place = cite(text, page_starts, start)
        lines.append({"page": place.page, "line": place.line, "text": line})
        start += len(line) + 1
    return lines


def print_lines(console: "Console", document: dict[str, Any]) -> None:
    """Print a brief with the numbers of its lines."""
    print_line(console, document["name"], style="bold")
    for page, lines in itertools.groupby(document["lines"], key=lambda line: line["page"]):
        if page is not None:
            print_line(console, f"Page {page}", style="dim")
        for line in lines:
            print_line(console, f"{line['line']:>5}  {line['text']}".rstrip())


def explanation_document(explanation: Explanation) -> dict[str, Any]:
    """Describe what became of every clause."""
    places, plan = explanation.places, explanation.plan
    found = []
    for fate in explanation.fates:
        cause = Cause(start=fate.start, end=fate.end, words=fate.words)
        source, start, end = places.place_of(cause)
        text = places.brief if source == "brief" else places.instruction
        cited = cite(text, places.pages if source == "brief" else (), start)
        found.append({
            "source": source, "start": start, "end": end, "page": cited.page, "line": cited.line,
            "place": cited.within(places.name) if source == "brief" else "", "words": fate.words,
            "kind": fate.kind.value, "refs": list(fate.refs), "because": [_told(plan, ref) for ref in fate.refs],
        })  # fmt: skip
    counts = Counter(f["kind"] for f in found)
    return {
        "planner": plan.planner, "fates": found, "counts": {kind.value: counts[kind.value] for kind in FateKind},
        "unsaid": [_told(plan, ref) for ref in _unsaid(explanation)], "plan": plan_document(plan),
    }  # fmt: skip


def _unsaid(explanation: Explanation) -> Iterator[str]:
    """Yield what the plan holds without words that asked for it."""
    said = {ref for fate in explanation.fates for ref in fate.refs}
    plan = explanation.plan
    for name in ("steps", "constraints", "questions", "unsupported", "assumptions", "warnings"):
        yield from (ref for i in range(len(getattr(plan, name))) if (ref := f"{name}/{i}") not in said)
    for o, output in enumerate(plan.outputs):
        yield from (ref for i in range(len(output.steps)) if (ref := f"outputs/{o}/steps/{i}") not in said)


def _told(plan: EditPlan, ref: str) -> str:
    """Say in one sentence what stands at a place of a plan."""
    part: Any = plan
    for name in ref.split("/"):
        part = part[int(name)] if name.isdigit() else getattr(part, name)
    where = ref.split("/")
    if where[-2] == "steps":
        scope = "" if part.scope.is_all else f" ({scope_words(part.scope)})"
        output = f"{plan.outputs[int(where[1])].name}: " if where[0] == "outputs" else ""
        return f"{output}{step_sentence(part)}{scope}"
    if where[0] == "constraints":
        scope = "" if part.scope.is_all else f" on {scope_words(part.scope)}"
        return f"Never {', '.join(part.ops)}{' of ' + part.region if part.region else ''}{scope}"
    return str(part.reason if where[0] == "unsupported" else part.about)


def print_explanation(console: "Console", document: dict[str, Any]) -> None:
    """Print every clause with what became of it, a legend, and how many there are of each kind."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for name in ("Place", "What became of it", "Words", "How"):
        table.add_column(name, overflow="fold")
    for fate in document["fates"]:
        name, style, _ = KINDS[FateKind(fate["kind"])]
        words = Text(safe(on_one_line(fate["words"])), style=style)
        table.add_row(safe(_place(fate)), Text(name, style=style), words, safe("\n".join(fate["because"])))
    console.print(table)
    for told in document["unsaid"]:
        print_line(console, f"Besides: {told}")
    for kind, (name, style, meaning) in KINDS.items():
        if document["counts"][kind.value]:
            print_line(console, f"{name}: {meaning}", style=style)
    numbers = [f"{number} {KINDS[FateKind(kind)][0]}" for kind, number in document["counts"].items() if number]
    summary = f"{count(len(document['fates']), 'clause')}: {', '.join(numbers)}." if numbers else "There are no words."
    print_line(console, f"{summary} Read by {document['planner']}.", style="bold")


def _place(fate: dict[str, Any]) -> str:
    return fate["place"] or f"line {fate['line']}"
