"""Background removal for product photos: a cut-out, its soft edge, and an honest confidence."""

from adapters.imaging.cutout.engine import cut_out
from adapters.imaging.cutout.result import Cutout, Reason

__all__ = ["Cutout", "Reason", "cut_out"]
