"""Edits as JSON-ready documents, such as ``{"do": "move", "index": 2, "by": -1}``."""

from collections.abc import Callable, Mapping
from typing import Any

from core.domain.editing import edits
from core.domain.editing.document import scope_from_document
from core.domain.editing.edits import Place
from core.domain.editing.plan import EditPlan, Step
from core.errors import InvalidInputError

Edit = Callable[[EditPlan], EditPlan]
Fields = Mapping[str, Any]


def edit_from_document(document: Fields) -> Edit:
    """Return the edit that a document describes.

    Raises:
        InvalidInputError: code ``invalid_edit``, for an unknown edit or a field that is missing or of another kind.
    """
    maker = _MAKERS.get(_text(document, "do"))
    if maker is None:
        raise _bad("do", f"one of {', '.join(_MAKERS)} is needed")
    return maker(document)


def _add(document: Fields) -> Edit:
    step = Step(
        op=_text(document, "op"), params=_params(document), scope=scope_from_document(document.get("scope") or {})
    )
    output = _output(document)
    return lambda plan: edits.add_step(plan, step=step, output=output)


def _remove(document: Fields) -> Edit:
    place = _place(document)
    return lambda plan: edits.remove_step(plan, place=place)


def _move(document: Fields) -> Edit:
    place, by = _place(document), _number(document, "by")
    return lambda plan: edits.move_step(plan, place=place, by=by)


def _set(document: Fields) -> Edit:
    place, params = _place(document), _params(document)
    scope = None if document.get("scope") is None else scope_from_document(document["scope"])

    def edit(plan: EditPlan) -> EditPlan:
        changed = edits.change_step(plan, place=place, params=params)
        return changed if scope is None else edits.set_scope(changed, place=place, scope=scope)

    return edit


def _add_output(document: Fields) -> Edit:
    name, folder, like = _text(document, "name"), document.get("folder") or "", document.get("like")
    return lambda plan: edits.add_output(plan, name=name, folder=str(folder), like=like)


def _remove_output(document: Fields) -> Edit:
    name = _text(document, "name")
    return lambda plan: edits.remove_output(plan, name=name)


def _rename_output(document: Fields) -> Edit:
    name, new_name, folder = _text(document, "name"), _text(document, "new_name"), document.get("folder")
    return lambda plan: edits.rename_output(plan, name=name, new_name=new_name, folder=folder)


def _lift(document: Fields) -> Edit:
    index = _number(document, "index")
    return lambda plan: edits.lift_constraint(plan, index=index)


_MAKERS: Mapping[str, Callable[[Fields], Edit]] = {
    "add": _add,
    "remove": _remove,
    "move": _move,
    "set": _set,
    "add_output": _add_output,
    "remove_output": _remove_output,
    "rename_output": _rename_output,
    "lift": _lift,
}
KINDS = tuple(_MAKERS)


def _place(document: Fields) -> Place:
    return Place(index=_number(document, "index"), output=_output(document))


def _output(document: Fields) -> str | None:
    return None if document.get("output") is None else _text(document, "output")


def _params(document: Fields) -> dict[str, Any]:
    params = document.get("params") or {}
    if not isinstance(params, dict) or len(params) > 50 or any(not isinstance(name, str) for name in params):
        raise _bad("params", "an object is needed")
    return params


def _text(document: Fields, name: str) -> str:
    value = document.get(name)
    if not isinstance(value, str) or not value or len(value) > 200:
        raise _bad(name, "a text is needed")
    return value


def _number(document: Fields, name: str) -> int:
    value = document.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise _bad(name, "a whole number is needed")
    return value


def _bad(name: str, what: str) -> InvalidInputError:
    return InvalidInputError(f"{name}: {what}.", code="invalid_edit", details={"field": name})
