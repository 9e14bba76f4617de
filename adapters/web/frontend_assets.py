"""The built front end: addresses from Vite's manifest, and the files themselves, compressed when they were built."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, request, send_from_directory

from adapters.web.security import application

BUNDLED = Path(__file__).parent / "static" / "dist"
ENCODINGS = (("br", ".br"), ("gzip", ".gz"))
ONE_YEAR = 31_536_000
blueprint = Blueprint("frontend", __name__)


class AssetsMissingError(RuntimeError):
    """The front end was not built."""


def folder() -> Path:
    """Return the folder of the built files."""
    return application().settings.static_dist or BUNDLED


def asset_url(source: str) -> str:
    """Return the address of a built file.

    Args:
        source: path of its source, e.g. ``src/app.js``.

    Raises:
        AssetsMissingError: there is no build, or it does not hold this file.
    """
    path = folder() / "manifest.json"
    try:
        entry = _manifest(path, path.stat().st_mtime_ns)[source]
    except (OSError, KeyError) as error:
        raise AssetsMissingError(f"{source} is not built; `make build` does it.") from error
    return f"/static/dist/{entry['file']}"


@lru_cache(4)
def _manifest(path: Path, _modified: int) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


@blueprint.get("/static/dist/<path:name>")
def built(name: str) -> Response:
    """Send a built file; its name holds its hash, so it never changes."""
    accepted = [pair for pair in ENCODINGS if request.accept_encodings.quality(pair[0]) > 0 and _has(name + pair[1])]
    code, suffix = accepted[0] if accepted else ("", "")
    response = send_from_directory(folder(), name + suffix, max_age=ONE_YEAR)
    if code:
        response.headers["Content-Encoding"] = code
        response.mimetype = _type(name)
    response.headers["Vary"] = "Accept-Encoding"
    response.cache_control.public, response.cache_control.immutable = True, True
    return response


def _has(name: str) -> bool:
    return name.startswith("assets/") and ".." not in name and (folder() / name).is_file()


def _type(name: str) -> str:
    suffix = name.rsplit(".", 1)[-1]
    return {"js": "text/javascript", "css": "text/css", "svg": "image/svg+xml"}.get(suffix, "application/octet-stream")
