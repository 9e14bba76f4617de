"""Cut the product out of its background."""

from collections.abc import Mapping
from typing import Any

from adapters.imaging.draft import Draft
from adapters.imaging.matting import cut_subject

KEY = "background.remove"


def apply(draft: Draft, params: Mapping[str, Any]) -> None:
    """Cut the subject out once per picture, and flag a cut-out that cannot be trusted."""
    matte = draft.shared(
        ("matte", params["engine"]),
        lambda: cut_subject(draft.look(), None if params["engine"] == "local" else draft.onnx_model),
    )
    draft.matte = matte
    for message, measured, limit in matte.doubts:
        draft.flag("uncertain_mask", message, measured=measured, limit=limit)
