"""A child process that reads documents: ``python -m adapters.documents.worker``."""

import logging
from typing import Any

from adapters.documents.limits import Limits
from adapters.sandbox.worker import Answer, main


def prepare(values: dict[str, Any]) -> Answer:
    """Return what answers one message."""
    from adapters.documents.serving import make_server

    # The parser tells at length what is wrong with a file, which nobody reads.
    logging.disable(logging.CRITICAL)
    return make_server(Limits(**values["limits"]))


if __name__ == "__main__":
    main(prepare)
