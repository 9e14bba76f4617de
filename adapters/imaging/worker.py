"""A child process that probes and renders pictures.

Run as ``python -m adapters.imaging.worker`` with settings as JSON in the first message on standard input.
"""

from pathlib import Path
from typing import Any

from adapters.imaging.limits import Limits
from adapters.sandbox.worker import Answer, main


def prepare(values: dict[str, Any]) -> Answer:
    """Return what answers one message."""
    from adapters.imaging.serving import make_server

    folder, model = values.get("icc_folder"), values.get("onnx_model")
    limits = Limits(**values["limits"])
    return make_server(limits, Path(folder) if folder else None, Path(model) if model else None)


if __name__ == "__main__":
    main(prepare)
