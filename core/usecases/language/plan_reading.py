"""Reading the plan that a language model wrote: every part is checked, and what is wrong is said in a sentence."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

import attrs

from core.domain.editing.catalogue import find_operation
from core.domain.editing.conditions import Condition
from core.domain.editing.plan import Cause, Constraint, EditPlan, Output, Question, Step, Unsupported, check_plan
from core.domain.editing.provided import is_provided
from core.domain.editing.scope import Scope
from core.domain.editing.tags import clean_tag
from core.errors import I2IError, InvalidInputError
from core.usecases.language.quotes import QuotedText

MAX_ITEMS = 60  # of each kind
MAX_SAID = 300  # characters of a question or a reason
MAX_LOOKED_AT = 1000  # characters that they are made from
# Texts that end up on or in a picture, or name a file of the installation: only the customer's own words will do.
VERBATIM = {
    "overlay.text": ("text",),
    "metadata": ("title", "creator", "copyright", "description"),
    "colour.convert": ("profile",),
    "export": ("icc",),
}
KNOWN_PROFILES = frozenset({"srgb", "adobe-rgb", "display-p3"})
LINK = re.compile(r"\S*(?:://|\bwww\.|@)\S*")
NO_LOGO = "Upload the logo first, then place it in the step editor."
T = TypeVar("T")


@attrs.frozen(kw_only=True)
class WrittenStep:
    """A step, and the output that alone gets it."""

    step: Step
    output: str | None = None

    @property
    def cause(self) -> Cause:
        """The words that ask for it."""
        assert self.step.cause is not None
        return self.step.cause


@attrs.frozen(kw_only=True)
class Reading:
    """What could be read of an answer, and what could not.

    Args:
        asides: words that ask for nothing.
        problems: what is wrong, one sentence each; parts with a problem are left out.
    """

    outputs: tuple[Output, ...] = ()
    steps: tuple[WrittenStep, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    questions: tuple[Question, ...] = ()
    undone: tuple[Unsupported, ...] = ()
    asides: tuple[Cause, ...] = ()
    problems: tuple[str, ...] = ()


def read_plan(answer: str, brief: str, *, knows_profile: Callable[[str], bool]) -> Reading:
    """Read an answer; nothing in it can raise an error.

    Args:
        brief: the words that quotes must come from.
        knows_profile: whether there is a marketplace profile of this name.
    """
    try:
        document = json.loads(answer)
        json.dumps(document, ensure_ascii=False).encode()  # half a character could not be stored
    except (ValueError, RecursionError):
        return Reading(problems=("The answer is not JSON.",))
    if not isinstance(document, dict):
        return Reading(problems=("The answer is not an object.",))
    return _Reader(brief=QuotedText(brief), knows_profile=knows_profile).read(document)


@attrs.frozen(kw_only=True)
class _Reader:
    brief: QuotedText
    knows_profile: Callable[[str], bool]
    problems: list[str] = attrs.field(factory=list)

    def read(self, document: Mapping[str, Any]) -> Reading:
        steps = tuple(self._each(document, "steps", self._step))
        undone = [*self._each(document, "undone", self._undone), *(_without_logo(s) for s in steps if _is_logo(s))]
        return Reading(
            outputs=tuple(self._each(document, "outputs", _output)),
            steps=tuple(s for s in steps if not _is_logo(s)),
            constraints=tuple(self._each(document, "ruled_out", self._ruled_out)),
            questions=tuple(self._each(document, "questions", self._question)),
            undone=tuple(undone),
            asides=tuple(self._each(document, "asides", self._quote)),
            problems=tuple(self.problems),
        )

    def _each(self, document: Mapping[str, Any], name: str, read: Callable[[Mapping[str, Any]], T]) -> Iterator[T]:
        items = document.get(name)
        if not isinstance(items, list) or len(items) > MAX_ITEMS:
            self.problems.append(f"{name}: a list of at most {MAX_ITEMS} entries is needed.")
            return
        for place, item in enumerate(items):
            try:
                yield read(_mapping(item))
            except I2IError as error:
                self.problems.append(f"{name}[{place}]: {error.message[:MAX_SAID]}")

    def _quote(self, item: Mapping[str, Any]) -> Cause:
        quote = _text(item, "quote")
        cause = self.brief.find(quote)
        if cause is None:
            raise InvalidInputError(f"the brief does not hold the words {quote[:80]!r}")
        return cause

    def _step(self, item: Mapping[str, Any]) -> WrittenStep:
        edit = dict(_mapping(item.get("edit")))
        op = edit.pop("op", None)
        if not isinstance(op, str):
            raise InvalidInputError("edit.op is missing")
        step = Step(op=op, params=edit, scope=read_scope(item.get("where")), cause=self._quote(item)).checked()
        self._check_texts(step)
        output = item.get("output")
        return WrittenStep(step=step, output=output if isinstance(output, str) and output else None)

    def _check_texts(self, step: Step) -> None:
        for name in VERBATIM.get(step.op, ()):
            text = step.params.get(name)
            if text and text.lower() not in KNOWN_PROFILES and self.brief.find(text) is None:
                raise InvalidInputError(f"{step.op}.{name} is {text[:80]!r}, which the brief does not say")
        profile = step.params.get("profile") if step.op == "check" else None
        if profile and not self.knows_profile(profile):
            raise InvalidInputError(f"there is no marketplace profile {profile[:80]!r}")

    def _ruled_out(self, item: Mapping[str, Any]) -> Constraint:
        ops = item.get("ops")
        if not isinstance(ops, list) or not ops or not all(isinstance(op, str) for op in ops):
            raise InvalidInputError("ops: names of operations are needed")
        known = tuple(dict.fromkeys(find_operation(op).key for op in ops))
        return Constraint(ops=known, scope=read_scope(item.get("where")), cause=self._quote(item))

    def _question(self, item: Mapping[str, Any]) -> Question:
        cause = self._quote(item)
        return Question(key=f"model_{cause.start}_{cause.end}", about=_said(item, "about"), cause=cause)

    def _undone(self, item: Mapping[str, Any]) -> Unsupported:
        cause, wish = self._quote(item), item.get("wish")
        op = wish if isinstance(wish, str) and is_provided(wish) else None
        return Unsupported(words=cause.words, reason=_said(item, "reason"), op=op, cause=cause)


def read_scope(where: Any) -> Scope:
    """Read which pictures are meant.

    Raises:
        InvalidInputError: it is not what the schema says, or names an unknown tag, role or property.
    """
    if where is None:
        return Scope()
    parts = _mapping(where)
    spans = (_mapping(span) for span in _items(parts, "indexes"))
    conditions = (_mapping(condition) for condition in _items(parts, "conditions"))
    return Scope(
        files=_texts(parts, "files"),
        ranges=tuple((_text(r, "first"), _text(r, "last")) for r in map(_mapping, _items(parts, "ranges"))),
        globs=_texts(parts, "globs"),
        not_globs=_texts(parts, "not_globs"),
        indexes=tuple((_whole(span, "first"), _whole(span, "last")) for span in spans),
        tags=tuple(clean_tag(tag) for tag in _texts(parts, "tags")),
        not_tags=tuple(clean_tag(tag) for tag in _texts(parts, "not_tags")),
        roles=_texts(parts, "roles"),
        conditions=tuple(
            Condition(property=_text(c, "property"), operator=_text(c, "operator"), value=_text(c, "value"))
            for c in conditions
        ),
        rest=parts.get("rest") is True,
    )


def _output(item: Mapping[str, Any]) -> Output:
    folder = item.get("folder")
    output = Output(name=_text(item, "name"), folder=folder if isinstance(folder, str) else "")
    return check_plan(EditPlan(outputs=(output,))).outputs[0]


def _is_logo(written: WrittenStep) -> bool:
    return written.step.op == "overlay.logo"


def _without_logo(written: WrittenStep) -> Unsupported:
    cause = written.cause
    return Unsupported(words=cause.words, reason=NO_LOGO, op="overlay.logo", scope=written.step.scope, cause=cause)


def _said(item: Mapping[str, Any], name: str) -> str:
    """Return a sentence of the model for people: one line, of bounded length, that leads nowhere.

    Whoever names a file could otherwise have the model send people to a place of theirs.
    """
    # Cut first: a word without end would keep the search busy for ever.
    words = " ".join(LINK.sub("…", _text(item, name)[:MAX_LOOKED_AT]).split())
    return "".join(c for c in words if c.isprintable())[:MAX_SAID]


def _mapping(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise InvalidInputError("an object is needed")
    return value


def _items(parts: Mapping[str, Any], name: str) -> list[Any]:
    value = parts.get(name) or []
    if not isinstance(value, list):
        raise InvalidInputError(f"{name}: a list is needed")
    return value


def _text(item: Mapping[str, Any], name: str) -> str:
    value = item.get(name)
    if not isinstance(value, str) or not value.strip():
        raise InvalidInputError(f"{name}: a text is needed")
    return value


def _texts(parts: Mapping[str, Any], name: str) -> tuple[str, ...]:
    values = _items(parts, name)
    if not all(isinstance(value, str) for value in values):
        raise InvalidInputError(f"{name}: texts are needed")
    return tuple(values)


def _whole(item: Mapping[str, Any], name: str) -> int:
    value = item.get(name)
    if isinstance(value, bool) or not isinstance(value, int):
        raise InvalidInputError(f"{name}: a whole number is needed")
    return value
