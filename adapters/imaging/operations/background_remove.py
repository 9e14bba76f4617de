"""Cut the product out of its background."""

from collections.abc import Mapping
from typing import Any

from adapters.imaging.draft import Draft
from adapters.imaging.matting import cut_subject

KEY = "background.remove"


def apply(draft: Draft, params: Mapping[str, Any]) -> None:
    """Cut the subject out once per picture, and flag a cut-out that cannot be trusted."""
    model = None if params["engine"] == "local" else draft.onnx_model
    matte = draft.matte = draft.shared(("matte", model), lambda: cut_subject(draft.look(), model))
    if matte.doubts:
        message = " ".join((*matte.doubts, f"Confidence {matte.confidence:.2f}."))
        draft.flag("uncertain_mask", message, measured=round(matte.confidence, 4))
