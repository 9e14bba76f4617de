"""Structured logs for people or for machines, without secrets."""

import logging
import re
import sys
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from typing import Any, Literal, TextIO

import structlog

MASK = "***"
SECRET_NAME = re.compile(
    r"(^|[_-])(password|passwd|secret|token|api_?key|authorization|cookie|credentials?|private_?key|signature)s?($|[_-])",
    re.IGNORECASE,
)
WORDS = r"[\w-]*(?:password|secret|token|signature|api_?key|credential|authorization|cookie)"
SECRET_TEXT = (
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]{6,}"), rf"\1 {MASK}"),
    (re.compile(r"(?<=://)([^/\s:@]*):[^/\s@]+@"), rf"\1:{MASK}@"),
    (re.compile(rf"(?i)\b({WORDS}=)[^&\s\"']+"), rf"\1{MASK}"),
    (re.compile(rf"(?i)([\"']{WORDS}[\"']\s*:\s*b?[\"'])[^\"']+"), rf"\1{MASK}"),
)
SERVER_LOGS = ("uvicorn", "uvicorn.error", "uvicorn.access", "dramatiq")


def redact(_logger: object, _method: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Mask values with the name of a secret, and secrets inside addresses and headers (a structlog processor)."""
    return {name: _clean(value, name) for name, value in entry.items()}


def _clean(value: Any, name: str = "") -> Any:
    # Numbers stay: a count of tokens is no secret.
    if name and value and not isinstance(value, int | float) and SECRET_NAME.search(name):
        return MASK
    if isinstance(value, str):
        for pattern, replacement in SECRET_TEXT:
            value = pattern.sub(replacement, value)
        return value
    if isinstance(value, Mapping):
        return {key: _clean(item, str(key)) for key, item in value.items()}
    return [_clean(item) for item in value] if isinstance(value, list | tuple | set | frozenset) else value


def set_up_logging(
    *, format: Literal["console", "json"] = "console", level: str = "info", stream: TextIO | None = None
) -> None:
    """Send our logs and those of libraries through one redacting pipeline; may be called again.

    Args:
        level: debug, info, warning or error.
        stream: standard error when omitted: standard output belongs to the answer of a command.
    """
    out = stream or sys.stderr
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        redact,
    ]
    renderer: structlog.types.Processor = (
        structlog.processors.JSONRenderer() if format == "json" else structlog.dev.ConsoleRenderer(colors=out.isatty())
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)
    for name in SERVER_LOGS:  # these bring handlers of their own, which would bypass the redaction
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True


@contextmanager
def log_context(**values: str) -> Iterator[None]:
    """Add values such as ``request_id`` or ``order_id`` to all entries of this thread or task within the block."""
    with structlog.contextvars.bound_contextvars(**values):
        yield
