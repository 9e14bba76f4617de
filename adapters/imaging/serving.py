"""Inside a child: one message in, one answer out; every error becomes plain values."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import pyvips

from adapters.imaging import wire
from adapters.imaging.intake import probe
from adapters.imaging.limits import Limits
from adapters.imaging.loaders import configure
from adapters.imaging.pipeline import Settings, render
from adapters.imaging.thumbnails import make_thumbnail
from core.errors import I2IError
from core.ports.image_engine import Rendered

Message = dict[str, Any]


def make_server(limits: Limits, icc_folder: Path | None, onnx_model: Path | None) -> Callable[[Message], Message]:
    """Set the libraries up and return the function that answers messages."""
    configure()
    cv2.setNumThreads(1)
    settings = Settings(limits=limits, icc_folder=icc_folder, onnx_model=onnx_model)

    def serve(message: Message) -> Message:
        try:
            if message["do"] == "probe":
                return {"probe": wire.write_probe(probe(Path(message["path"]), limits))}
            if message["do"] == "thumbnail":
                return {"file": wire.write_file(_thumbnail(message, limits))}
            return {"result": wire.write_result(render(wire.read_task(message), settings))}
        except I2IError as error:
            details = {name: str(value) for name, value in error.details.items()}
            return _failure(type(error).__name__, error.code, error.message, details)
        except MemoryError:
            return _failure("TooLargeError", "out_of_memory", "The picture needs more memory than is allowed.")
        except (pyvips.Error, cv2.error, OSError) as error:
            return _library_failure(error)

    return serve


def _thumbnail(message: Message, limits: Limits) -> Rendered:
    target = Path(message["target"])
    return make_thumbnail(Path(message["path"]), edge=message["edge"], target=target, limits=limits)


def _library_failure(error: Exception) -> Message:
    text = str(error)
    if "memory" in text.lower():
        return _failure("TooLargeError", "out_of_memory", "The picture needs more memory than is allowed.")
    if isinstance(error, OSError):
        return _failure("ProviderUnavailableError", "engine_io", f"A file could not be read or written: {error}.")
    last = next((line for line in reversed(text.splitlines()) if line.strip()), "unknown")
    return _failure("InvalidInputError", "truncated_image", "The picture is damaged.", {"reason": last[:200]})


def _failure(kind: str, code: str, message: str, details: dict[str, str] | None = None) -> Message:
    return {"error": {"kind": kind, "code": code, "message": message, "details": details or {}}}
