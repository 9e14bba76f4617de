"""The action log: an append-only history of an order."""

import datetime as dt
import enum
from typing import Any

import attrs


class LogType(enum.StrEnum):
    """What kind of thing happened."""

    UPLOAD = "upload"
    PLAN = "plan"
    PREVIEW = "preview"
    CONFIRM = "confirm"
    PROCESS = "process"
    REPROCESS = "reprocess"
    APPROVE = "approve"
    FLAG = "flag"
    DOWNLOAD = "download"
    CANCEL = "cancel"
    DELETE = "delete"
    RESTORE = "restore"
    MODEL = "model"
    ERROR = "error"


@attrs.frozen(kw_only=True)
class ActionLogEntry:
    """One line of the history.

    Args:
        message: a sentence for the customer.
        prompt: the instruction behind it, when there was one.
        model: planner, engine or model that did the work.
        duration_ms: how long it took.
        actor: who did it (label of the actor).
        data: further JSON-ready facts.
    """

    id: str
    order_id: str
    type: LogType
    message: str
    at: dt.datetime
    actor: str
    image_id: str | None = None
    run_id: str | None = None
    version: int | None = None
    prompt: str = ""
    model: str = ""
    duration_ms: int | None = None
    data: dict[str, Any] = attrs.field(factory=dict)
