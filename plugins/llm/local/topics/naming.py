"""Names of the finished files."""

import re

import attrs

from core.domain.editing.plan import Cause, Change, ChangeKind, Option, Question, Step
from core.errors import InvalidInputError
from plugins.llm.local.clauses import Clause, Polarity
from plugins.llm.local.draft import Draft, hull
from plugins.llm.local.items import Item

AFFIX = re.compile(r"\s*[:=]?\s*[\"'„“”«»]?([\w-]{1,40})")
UNNAMED = "new names"


def read(clause: Clause, draft: Draft) -> None:
    """Read ``rename to …``; what a name needs and no picture tells becomes a blocking question."""
    if clause.polarity in (Polarity.NOT, Polarity.KEEP) or clause.has("act", "skip", "group"):
        return
    verb, words = clause.find("act", "rename"), clause.find("thing", "names", "original_names")
    patterns = clause.all("pattern")
    tokens = clause.all("token")
    counts = clause.has("slot", "sequence")
    counts = counts or clause.has("slot", "prefix", "suffix")
    if tokens and draft.topic == "naming" and not (verb or words or patterns) and _extend(clause, draft, tokens):
        return
    if not (verb or words or counts) and not (patterns and draft.topic == "naming"):
        _case(clause, draft)
        return
    _name(clause, draft, marks=[i for i in (verb, words) if i], patterns=patterns, tokens=tokens)


def _name(clause: Clause, draft: Draft, *, marks: list[Item], patterns: list[Item], tokens: list[Item]) -> None:
    if affix := clause.find("slot", "prefix", "suffix"):
        _affix(clause, draft, affix=affix, marks=marks)
        return
    if kept := clause.all("thing", "original_names"):
        draft.put(clause, "naming", [*marks, *kept, *clause.all("slot", "lower", "upper")], **_kept(clause))
        draft.topic = "naming"
        return
    example = clause.all("file") + clause.all("where", "files")
    quoted = clause.all("quote")
    counters = clause.all("slot", "sequence")
    draft.topic = "naming"
    if patterns or tokens:
        _ask(clause, draft, items=[*marks, *patterns, *tokens, *example, *counters], patterns=patterns)
    elif counters and (wish := next((u for u in draft.unsupported if u.op == "naming" and u.params), None)):
        pattern = f"{wish.params.get('pattern', '')}_{{index:03d}}"
        _refine(draft, {"pattern": pattern}, cause=clause.cause([i.use() for i in (*marks, *counters)]))
    elif quoted or counters or example:
        _count(clause, draft, marks=[*marks, *quoted, *counters, *example], stem=_stem(quoted, example))
    elif cases := clause.all("slot", "lower", "upper"):
        draft.put(clause, "naming", [*marks, *cases], pattern="{original}", case=cases[0].key)
    elif any(i.kind == "act" for i in marks) and not clause.has("format"):
        _ask(clause, draft, items=marks, patterns=[])


def _affix(clause: Clause, draft: Draft, *, affix: Item, marks: list[Item]) -> None:
    """Read ``names prefixed with SS27_``: what is put before or after the original name."""
    part = next((i for i in clause.items if i.kind in ("pattern", "quote") and not i.is_used), None)
    found = None if part else AFFIX.match(clause.words, affix.end)
    if part is None and found is None:
        return
    text = re.sub(r"[{}]", "", str(part.value) if part else found[1] if found else "")
    end = part.end if part else found.end() if found else affix.end
    inside = [i for i in clause.items if affix.start <= i.start < end] + ([part] if part else [])
    counter = "_{index:03d}" if clause.has("slot", "sequence") else ""
    pattern = f"{text}{{original}}{counter}" if affix.key == "prefix" else f"{{original}}{text}{counter}"
    draft.topic = "naming"
    draft.put(clause, "naming", [*marks, affix, *inside, *clause.all("slot", "sequence")], pattern=pattern)


def _kept(clause: Clause) -> dict[str, str]:
    cases = clause.all("slot", "lower", "upper")
    return {"pattern": "{original}"} | ({"case": cases[0].key} if cases else {})


def _case(clause: Clause, draft: Draft) -> None:
    if draft.topic == "naming":
        example = clause.all("file") + clause.all("where", "files")
        cases = clause.all("slot", "lower", "upper")
        step = next(iter(draft.having("naming")), None)
        if cases and step:
            draft.put(clause, "naming", cases, case=cases[0].key)
        elif not step and (case := _case_of(clause, example)):
            _refine(draft, case, cause=clause.cause([*cases, *example]))
        for item in [*example, *cases]:
            item.use()
    elif cases := clause.all("slot", "lower", "upper"):
        draft.put(clause, "naming", cases, pattern="{original}", case=cases[0].key)


def _extend(clause: Clause, draft: Draft, tokens: list[Item]) -> bool:
    """Add further parts to a name that waits for its data: ``from article number and view``."""
    wish = next((u for u in draft.unsupported if u.op == "naming" and u.params.get("pattern")), None)
    if wish is None:
        return False
    new = [f"{{{i.key}}}" for i in tokens if f"{{{i.key}" not in wish.params["pattern"]]
    pattern = "_".join([wish.params["pattern"], *new])
    return _refine(draft, {"pattern": pattern}, cause=clause.cause([i.use() for i in tokens]))


def _refine(draft: Draft, params: dict[str, str], *, cause: Cause) -> bool:
    """Add what is said later to a wish for names that waits for its data; False when there is none."""
    for place, wish in enumerate(draft.unsupported):
        if wish.op == "naming":
            whole = hull(wish.cause, cause, draft.words) or cause
            draft.unsupported[place] = attrs.evolve(wish, params=wish.params | params, cause=whole, words=whole.words)
            return True
    return False


def use_table(draft: Draft) -> None:
    """Name the pictures by the table of the instruction: by its columns, or by the pattern that was asked for."""
    table = draft.table
    wish = next((u for u in draft.unsupported if u.op == "naming"), None)
    is_wished = wish is not None or draft.topic == "naming" or bool(draft.having("naming"))
    if table is None:
        return
    stated = (wish.params.get("pattern") if wish else "") or "_".join(f"{{{c}}}" for c in table.columns)
    params = {"pattern": stated, "table": table.text} | (
        {"case": wish.params["case"]} if wish and "case" in wish.params else {}
    )
    if not _is_known(params):
        params["pattern"] = "_".join(f"{{{c}}}" for c in table.columns)
    for step in draft.having("naming"):
        draft.drop(step)
    draft.unsupported = [u for u in draft.unsupported if u is not wish]
    draft.questions = [q for q in draft.questions if q.key != "naming_source"]
    draft.put_at("naming", params, cause=hull(wish.cause if wish else None, table.cause, draft.words))
    if not is_wished:
        draft.assume("The list of names is taken for the names of the finished files.", table.cause)


def settle(draft: Draft) -> None:
    """Write what stands in a pattern as it is in the letter case that is asked for."""
    for place, wish in enumerate(draft.unsupported):
        pattern, case = wish.params.get("pattern"), wish.params.get("case")
        if wish.op == "naming" and pattern and case in ("lower", "upper"):
            cased = pattern.lower() if case == "lower" else re.sub(r"[^{}]+(?![^{]*})", lambda m: m[0].upper(), pattern)
            draft.unsupported[place] = attrs.evolve(wish, params=wish.params | {"pattern": cased})


def _stem(quoted: list[Item], example: list[Item]) -> str:
    text = str(quoted[0].value) if quoted else ""
    if not text and example and example[0].value is not None:
        value = example[0].value
        text = value if isinstance(value, str) else next(iter(value.files), "")
    stem = text.rsplit(".", 1)[0] if "." in text else text
    return re.sub(r"[{}]", "", re.sub(r"[-_ ]*\d+$", "", stem))[:60]


def _count(clause: Clause, draft: Draft, *, marks: list[Item], stem: str) -> None:
    pattern = f"{stem}_{{index:03d}}" if stem else "{original}_{index:03d}"
    # "Rename them. Number them." the second sentence answers what the first leaves open.
    draft.questions = [q for q in draft.questions if q.key != "naming_source" or f"({UNNAMED})" not in q.about]
    marks += [i for i in clause.items if i.kind == "pattern"]
    draft.put(clause, "naming", marks, pattern=pattern)
    draft.assume("Files are numbered in the order of the pictures, with three digits.")


def _ask(clause: Clause, draft: Draft, *, items: list[Item], patterns: list[Item]) -> None:
    """Ask where the parts of a name come from, unless every one is known to i2i."""
    stated = [p.key for p in patterns] or ["_".join(f"{{{i.key}}}" for i in items if i.kind == "token")]
    params = {"pattern": stated[0]} | _case_of(clause, items)
    params["pattern"] = _with_original(params["pattern"])
    is_told = bool(patterns) or all(i.key in ("original", "index") for i in items if i.kind == "token")
    if is_told and _is_known(params):
        draft.put(clause, "naming", items, **params)
        return
    wanted = str(patterns[0].value) if patterns else UNNAMED
    cause = clause.cause(items)
    draft.decline(
        clause,
        items,
        op="naming",
        reason=f"{wanted}: the pictures do not say what belongs into these names.",
        params={k: v for k, v in params.items() if v},
    )
    draft.ask(
        Question(
            key="naming_source",
            about=f"Where do the parts of the new names come from ({wanted})? They are never invented.",
            options=(
                _option("file_names", "They are in the original file names; keep these", pattern="{original}"),
                _option(
                    "sku_first",
                    "The SKU is what precedes the first underscore of the original names",
                    pattern="{sku}_{index:03d}",
                    sku_pattern="{sku}_*",
                ),
                _option("numbers", "Number the files in their order", pattern="{index:03d}"),
            ),
            cause=cause,
        )
    )


def _with_original(pattern: str) -> str:
    """Read a name of which only one end is given as what is put before or after the original name."""
    if "{" in pattern:
        return pattern
    if pattern[:1] in ("_", "-"):
        return f"{{original}}{pattern}"
    return f"{pattern}{{original}}" if pattern[-1:] in ("_", "-") else pattern


def _is_known(params: dict[str, str]) -> bool:
    try:
        Step(op="naming", params=params).checked()
    except InvalidInputError:
        return False
    return True


def _case_of(clause: Clause, items: list[Item]) -> dict[str, str]:
    """Tell the letter case: stated, or that of an example."""
    if stated := clause.all("slot", "lower", "upper"):
        items += stated
        return {"case": stated[0].key}
    written = [_stem([], [i]) for i in items if i.kind in ("file", "where")]
    letters = next((w for w in written if any(c.isalpha() for c in w)), "")
    return {"case": "lower"} if letters and letters == letters.lower() else {}


def _option(key: str, label: str, **params: str) -> Option:
    return Option(key=key, label=label, changes=(Change(kind=ChangeKind.SET, op="naming", params=dict(params)),))
