"""The plan while it is being written: steps that clauses add to, and everything else that a plan holds."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs

from core.domain.editing.catalogue import find_operation
from core.domain.editing.plan import Assumption, Cause, Constraint, PlanWarning, Question, Step, Unsupported
from core.domain.editing.scope import ALL, Scope
from plugins.llm.local.clauses import Clause
from plugins.llm.local.items import Item
from plugins.llm.local.tables import Table

SHARED = -1
# Wishes that come as lists: "remove pins, clips and threads" is one of them.
LISTED = frozenset(
    (
        "retouch",
        "remove_object",
        "colour.replace",
        "symmetry",
        "ghost_mannequin",
        "colour.match",
        "group",
        "overlay.logo",
    )
)
Params = Mapping[str, Any]


@attrs.define(kw_only=True, eq=False)
class StepDraft:
    """A step that may still gain parameters."""

    op: str
    scope: Scope
    output: int
    params: dict[str, Any]
    cause: Cause | None
    age: int = 0

    def finished(self) -> Step:
        """Return the step as the plan holds it."""
        return Step(op=self.op, params=self.params, scope=self.scope, cause=self.cause)


@attrs.define(kw_only=True, eq=False)
class Frame:
    """Everything said about the size of the picture; what kind of step it becomes is decided at the end.

    Args:
        width, height: in ``unit``; long_edge, short_edge: px.
        via: ``resize``, ``crop``, ``canvas`` or empty: the verb that was used.
        most: the longest edge that is allowed, px.
        has_sides: whether width and height are named as such; is_turned: whether they contradict the orientation.
        keyword: whether the canvas was spoken of.
    """

    scope: Scope
    output: int
    width: float | None = None
    height: float | None = None
    long_edge: int | None = None
    short_edge: int | None = None
    unit: str = "px"
    aspect: str | None = None
    bleed: float | None = None
    orientation: str | None = None
    is_square: bool = False
    stated_aspect: str = ""
    stated_size: tuple[float, float] | None = None
    is_small: bool = False
    enlarge: bool | None = None
    via: str = ""
    min_long_edge: int | None = None
    most: int | None = None
    has_sides: bool = False
    is_turned: bool = False
    age: int = 0
    cause: Cause | None = None


@attrs.define(kw_only=True, eq=False)
class OutputDraft:
    """A deliverable that is being named."""

    name: str
    folder: str = ""
    platform: str = ""


def hull(one: Cause | None, other: Cause | None, words: str) -> Cause | None:
    """Join two causes into the stretch of words that holds both."""
    if one is None or other is None:
        return one or other
    start, end = min(one.start, other.start), max(one.end, other.end)
    return Cause(start=start, end=end, words=words[start:end])


@attrs.define(kw_only=True, eq=False)
class Clash:
    """Two values that the instruction gives for one parameter."""

    step: StepDraft
    name: str
    values: tuple[Any, Any]
    cause: Cause | None


# Parameters of which an instruction can mean only one value; other second mentions are corrections or refinements.
CONTRADICTING = {"background.set": ("mode", "colour"), "shadow": ("type",), "export": ("quality", "max_bytes")}


@attrs.define(kw_only=True, eq=False)
class Draft:
    """The plan under construction.

    Args:
        has_new_topic: whether the clause that is being read has named what it speaks of.
        before: the clause that was read last.
        is_audit: the words that only ask for a check; no preset is applied then.
        is_cut_out: whether the cut-out is asked for in so many words.
        subject: the sentence that named a product last, and the tag of that product.
        source_edge: the longer side that the originals are said to have, px; 0 when nothing is said.
    """

    words: str
    steps: list[StepDraft] = attrs.field(factory=list)
    frames: list[Frame] = attrs.field(factory=list)
    outputs: list[OutputDraft] = attrs.field(factory=list)
    constraints: list[Constraint] = attrs.field(factory=list)
    assumptions: list[Assumption] = attrs.field(factory=list)
    questions: list[Question] = attrs.field(factory=list)
    warnings: list[PlanWarning] = attrs.field(factory=list)
    unsupported: list[Unsupported] = attrs.field(factory=list)
    platforms: list[tuple[str, int, Scope, Cause]] = attrs.field(factory=list)
    references: list[Item] = attrs.field(factory=list)
    sources: dict[str, Cause] = attrs.field(factory=dict)
    _topic: str = ""
    has_new_topic: bool = False
    subject: tuple[int, str] = (-1, "")
    age: int = 0
    table: Table | None = None
    before: Clause | None = None
    is_repeat: Cause | None = None
    is_audit: Cause | None = None
    is_cut_out: bool = False
    is_artless: Cause | None = None
    vague: Cause | None = None
    clashes: list[Clash] = attrs.field(factory=list)
    is_other_order: bool = False
    conditional: int = -1
    jpeg_scale: Cause | None = None
    source_edge: float = 0

    @property
    def topic(self) -> str:
        """What was spoken of last."""
        return self._topic

    @topic.setter
    def topic(self, name: str) -> None:
        self._topic, self.has_new_topic = name, True

    def put(self, clause: Clause, op: str, items: Sequence[Item], **params: Any) -> None:
        """Add parameters to the step of an operation, creating it where the clause's scope and outputs have none."""
        for item in items:
            item.use()
        cause = clause.cause(items)
        for output in clause.outputs or (SHARED,):
            self.put_at(op, params, scope=clause.scope, output=output, cause=cause)

    def put_at(
        self, op: str, params: dict[str, Any], *, scope: Scope = ALL, output: int = SHARED, cause: Cause | None = None
    ) -> StepDraft:
        """Add parameters to a step by its place."""
        step = None if find_operation(op).is_repeatable else self.step(op, scope=scope, output=output)
        if step is None:
            step = StepDraft(op=op, scope=scope, output=output, params={}, cause=cause, age=self.age)
            self.steps.append(step)
        self._note_newer(step, params, cause)
        for name in CONTRADICTING.get(op, ()):
            old, new = step.params.get(name), params.get(name)
            if cause is not None and old is not None and new is not None and old != new and step.age == self.age:
                self.clashes.append(
                    Clash(step=step, name=name, values=(old, new), cause=hull(step.cause, cause, self.words))
                )
        step.params |= {k: v for k, v in params.items() if v is not None}
        step.age = self.age
        step.cause = hull(step.cause, cause, self.words)
        return step

    def _note_newer(self, step: StepDraft, params: dict[str, Any], cause: Cause | None) -> None:
        """Let a newer mail overrule an older one, visibly."""
        if step.age == self.age:
            return
        changed = [n for n, v in params.items() if v is not None and step.params.get(n, v) != v]
        if changed:
            self.assume("The newer mail holds where it differs from an older one.", cause)
        if "mode" in changed and params.get("mode") == "transparent":
            step.params.pop("colour", None)

    def take_back(self, clause: Clause, items: Sequence[Item]) -> None:
        """Forget what an older mail asked for, and what the clause that takes it back names."""
        ops = {"shadow"} if clause.has("shadow") else set()
        ops |= {"background.set"} if clause.has("thing", "background") else set()
        for step in [s for s in self.steps if s.op in ops and s.age > clause.age]:
            self.drop(step)
        cause = clause.cause([*items, *(i.use() for i in clause.items)])
        self.assume("What was asked before is taken back, as said.", cause)

    def step(self, op: str, *, scope: Scope = ALL, output: int = SHARED) -> StepDraft | None:
        """Find the step of exactly this scope and output."""
        return next((s for s in self.steps if (s.op, s.scope, s.output) == (op, scope, output)), None)

    def having(self, op: str) -> list[StepDraft]:
        """All steps of an operation."""
        return [s for s in self.steps if s.op == op]

    def effective(self, op: str, *, scope: Scope, output: int) -> StepDraft | None:
        """Find the step that rules a scope in an output: its own, the one for all, the shared ones."""
        places = ((scope, output), (ALL, output), (scope, SHARED), (ALL, SHARED))
        return next((s for sc, out in places if (s := self.step(op, scope=sc, output=out))), None)

    def drop(self, step: StepDraft) -> None:
        """Take a step out again."""
        self.steps = [s for s in self.steps if s is not step]

    def frame_for(self, clause: Clause, items: Sequence[Item]) -> Iterator[Frame]:
        """Give the frames of a clause's scope and outputs, creating them, and note the words behind them."""
        cause = clause.cause([i.use() for i in items])
        for output in clause.outputs or (SHARED,):
            frame = next((f for f in self.frames if (f.scope, f.output) == (clause.scope, output)), None)
            if frame is None:
                frame = Frame(scope=clause.scope, output=output, age=self.age)
                self.frames.append(frame)
            frame.cause = hull(frame.cause, cause, self.words)
            yield frame

    def assume(self, about: str, cause: Cause | None = None) -> None:
        """Note a decision, once."""
        if about not in {a.about for a in self.assumptions}:
            self.assumptions.append(Assumption(about=about, cause=cause))

    def warn(self, about: str, cause: Cause | None = None) -> None:
        """Note a warning, once."""
        if about not in {w.about for w in self.warnings}:
            self.warnings.append(PlanWarning(about=about, cause=cause))

    def ask(self, question: Question) -> None:
        """Note a question, once per key."""
        if question.key not in {q.key for q in self.questions}:
            self.questions.append(question)

    def forbid(self, clause: Clause, items: Sequence[Item], *ops: str, region: str = "") -> None:
        """Note operations that must not touch the clause's pictures."""
        cause = clause.cause([i.use() for i in items])
        if clause.outputs:
            names = ", ".join(self.outputs[n].name for n in clause.outputs)
            self.assume(f"{names}: left as it is, as asked ({cause.words}).", cause)
            return
        self.constraints.append(Constraint(ops=ops, scope=clause.scope, region=region, cause=cause))

    def decline(
        self, clause: Clause, items: Sequence[Item], *, op: str | None, reason: str, params: Params | None = None
    ) -> None:
        """Note a wish that will not be carried out, with what is known of it; wishes of one list become one."""
        cause = clause.cause([i.use() for i in items])
        for output in clause.outputs or (SHARED,):
            name = None if output == SHARED else self.outputs[output].name
            wish = Unsupported(
                words=cause.words, reason=reason, op=op, params=dict(params or {}), scope=clause.scope, output=name,
                cause=cause,
            )  # fmt: skip
            self._list(wish)

    def _list(self, wish: Unsupported) -> None:
        for place, old in enumerate(self.unsupported):
            is_same = (old.op, old.scope, old.output, old.reason) == (wish.op, wish.scope, wish.output, wish.reason)
            if is_same and wish.op in LISTED and not self._is_apart(old, wish):
                cause = hull(old.cause, wish.cause, self.words)
                words = cause.words if cause else old.words
                params = _joined(old.params, wish.params)
                self.unsupported[place] = attrs.evolve(old, words=words, params=params, cause=cause)
                return
        self.unsupported.append(wish)

    def _is_apart(self, old: Unsupported, new: Unsupported) -> bool:
        """Whether two lists stand in different lines; of a wish that is none there is only one."""
        if old.cause is None or new.cause is None or new.op not in ("retouch", "remove_object", "colour.replace"):
            return False
        return "\n" in self.words[old.cause.end : new.cause.start]


def _joined(old: Params, new: Params) -> dict[str, Any]:
    """Add the values of a wish to those of another one: lists grow, what is new is added."""
    joined = dict(old)
    for name, value in new.items():
        known = joined.get(name)
        if isinstance(known, list) and isinstance(value, list):
            joined[name] = [*known, *(v for v in value if v not in known)]
        elif name == "target":
            # "It looks too purple, the real colour is …": what is said last is what is wanted.
            joined[name] = value
        else:
            joined.setdefault(name, value)
    return joined
