"""Scoring one brief: what was matched, what is missing or too much, and what must never happen."""

from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from bench.briefs.values import accuracy
from bench.briefs.vocabulary import ALL_KEY, Reading, ScopeKey, expected_scope, readings, scope_key
from core.domain.editing.plan import EditPlan
from core.domain.editing.scope import ImageFacts

JUDGED_APART = frozenset(("must_not", "ask", "warn", "refuse"))


@attrs.define(kw_only=True)
class Score:
    """Counts of one brief; add them up for a set.

    Args:
        matched, missing, extra: operations with scope.
        params_right, params_all: parameters of matched operations.
        asks_wanted, asks_met, asks_made, asks_allowed: blocking questions; ``allowed`` of ``made`` were expected.
        hard_fails: what must never happen, in words.
        details: what was missing, extra or wrong, in words.
    """

    matched: int = 0
    missing: int = 0
    extra: int = 0
    params_right: int = 0
    params_all: int = 0
    asks_wanted: int = 0
    asks_met: int = 0
    asks_made: int = 0
    asks_allowed: int = 0
    defaults_wanted: int = 0
    defaults_met: int = 0
    refusals_wanted: int = 0
    refusals_met: int = 0
    warnings_wanted: int = 0
    warnings_met: int = 0
    hard_fails: list[str] = attrs.field(factory=list)
    details: list[str] = attrs.field(factory=list)

    def add(self, other: "Score") -> None:
        """Add the counts of another brief."""
        for field in attrs.fields(Score):
            setattr(self, field.name, getattr(self, field.name) + getattr(other, field.name))

    @property
    def f1(self) -> float:
        """F1 over (operation, scope); 1 when nothing was expected and nothing done."""
        total = 2 * self.matched + self.missing + self.extra
        return 2 * self.matched / total if total else 1.0


def score(brief: Mapping[str, Any], plan: EditPlan) -> Score:
    """Compare a plan with the expected reading of its brief."""
    result = Score()
    found = readings(plan)
    expected = list(_flat(brief["expect"]))
    _match(result, expected, found)
    _asks(result, brief["expect"], plan)
    wanted_warnings = sum(1 for e in brief["expect"] if e["op"] == "warn")
    result.warnings_wanted = wanted_warnings
    result.warnings_met = min(wanted_warnings, len(plan.warnings))
    result.refusals_wanted = sum(1 for e in brief["expect"] if e["op"] == "refuse")
    result.refusals_met = min(result.refusals_wanted, sum(1 for u in plan.unsupported if u.refused))
    if result.refusals_met < result.refusals_wanted:
        result.details.append("refusal missing")
    result.hard_fails += _forbidden(brief["expect"], found, plan)
    return result


def _flat(expected: Iterable[Mapping[str, Any]]) -> Iterable[dict[str, Any]]:
    for entry in expected:
        if entry["op"] in JUDGED_APART:
            continue
        yield dict(entry)
        if entry["op"] == "output":
            yield from _flat(entry.get("steps", ()))


def _match(result: Score, expected: list[dict[str, Any]], found: list[Reading]) -> None:
    """Pair expected and found operations of the same key, the best parameters first."""
    left = list(found)
    rests = _rest({expected_scope(e.get("scope")) for e in expected}), _rest({r.scope for r in found})
    for entry in expected:
        key = (entry["op"], expected_scope(entry.get("scope")))
        candidates = [
            r for r in left if r.op == key[0] and rests[0].get(key[1], key[1]) == rests[1].get(r.scope, r.scope)
        ]
        if not candidates:
            result.missing += 1
            result.details.append(f"missing {_show(*key)}")
            continue
        best = max(candidates, key=lambda r: accuracy(entry["op"], entry, r.params)[0])
        left.remove(best)
        right, count, wrong = accuracy(entry["op"], entry, best.params)
        result.matched += 1
        result.params_right += right
        result.params_all += count
        result.details += [f"wrong {entry['op']}.{n}: {best.params.get(n)!r} for {entry[n]!r}" for n in wrong]
    left = [r for r in left if r.is_listed]
    result.extra += len(left)
    result.details += [f"extra {_show(r.op, r.scope)} {r.params}" for r in left]


def _rest(scopes: set[ScopeKey]) -> dict[ScopeKey, ScopeKey]:
    """Say what the rest is where only patterns of names are set apart: all pictures but those."""
    named = [s for s in scopes if s not in (ALL_KEY, ("rest",)) and s[0][0] != "not_match"]
    if not named or any(len(s) != 1 or s[0][0] != "match" for s in named):
        return {}
    return {("rest",): (("not_match", frozenset(name for s in named for name in s[0][1])),)}


def _show(op: str, scope: ScopeKey) -> str:
    return op if scope == ALL_KEY else f"{op} on {scope}"


def _asks(result: Score, expected: Iterable[Mapping[str, Any]], plan: EditPlan) -> None:
    asks = [e for e in expected if e["op"] == "ask"]
    blocking = sum(1 for a in asks if a.get("blocking", True) is True)
    conditional = sum(1 for a in asks if isinstance(a.get("blocking"), str))
    made = len(plan.open_questions)
    result.asks_wanted, result.asks_made = blocking, made
    result.asks_met = min(blocking, made)
    result.asks_allowed = min(made, blocking + conditional)
    result.defaults_wanted = len(asks) - blocking - conditional
    result.defaults_met = min(result.defaults_wanted, sum(1 for q in plan.questions if not q.blocking))
    if blocking and not made:
        result.hard_fails.append("would spend before a blocking question")
    if made > result.asks_allowed:
        result.details.append(f"asks too much: {[q.key for q in plan.open_questions]}")
    if made < blocking:
        result.details.append("blocking question missing")


def _forbidden(
    expected: Iterable[Mapping[str, Any]],
    found: list[Reading],
    plan: EditPlan,
    *,
    outputs: frozenset[str] | None = None,
) -> list[str]:
    """Name what is done although it must not be; ``outputs`` limits the search to deliverables, None takes all."""
    fails: list[str] = []
    for entry in expected:
        if entry["op"] == "output":
            fails += _forbidden(entry.get("steps", ()), found, plan, outputs=_meant(entry, found, plan))
        if entry["op"] == "must_not" and "region" not in entry:
            scope = expected_scope(entry.get("scope"))
            reach = [r for r in found if not r.output or outputs is None or r.output in outputs]
            done = [r for r in reach if r.is_done and r.op in entry.get("ops", ())]
            fails += [f"does {r.op}, which it must not" for r in done if _overlaps(r, scope, plan)]
            if "upscale" in entry.get("ops", ()) and any(s.params.get("enlarge") for s in plan.all_steps()):
                fails.append("does upscale, which it must not")
    return fails


def _meant(entry: Mapping[str, Any], found: list[Reading], plan: EditPlan) -> frozenset[str] | None:
    """Find the plan's deliverables that an expected one means: by name, else by format; None when none is alike."""
    wanted = str(entry.get("name", "")).casefold()
    formats = {s.get("format") for s in entry.get("steps", ()) if s["op"] == "export"} - {None}
    names = {o.name: o.name.casefold() for o in plan.outputs if wanted}
    by_name = {name for name, own in names.items() if wanted in own or own in wanted}
    by_format = {r.output for r in found if r.op == "export" and r.params.get("format") in formats and r.output}
    return frozenset(by_name or by_format) or None


def _named(scope: ScopeKey) -> frozenset[Any]:
    """Return the names and positions that a scope lists."""
    return frozenset(name for part in scope if part[0] in ("files", "index") for name in part[1])


def _overlaps(reading: Reading, scope: ScopeKey, plan: EditPlan) -> bool:
    if ALL_KEY in (scope, reading.scope):
        return scope == ALL_KEY or not _all_spared(reading, scope, plan)
    return scope == reading.scope or bool(_named(scope) & _named(reading.scope))


def _all_spared(reading: Reading, scope: ScopeKey, plan: EditPlan) -> bool:
    """Whether constraints keep a step for all pictures away from those of a scope."""
    facts = [
        ImageFacts(name=f"{name}.jpg", position=name if isinstance(name, int) else 1, count=99)
        for name in _named(scope)
    ]
    rulings = [c.scope for c in plan.constraints if reading.op in c.ops and not c.region]
    if not facts:
        return any(scope_key(ruling) == scope for ruling in rulings)
    return all(any(ruling.names(fact) for ruling in rulings) for fact in facts)
