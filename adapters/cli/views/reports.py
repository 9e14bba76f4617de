"""The report on finished work: what was made of every picture, what it cost, where the files are."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from adapters.cli.output import count, print_line
from adapters.cli.views.images import flag_document
from adapters.cli.views.orders import order_document
from adapters.cli.views.plans import plan_document, question_document, quote_document
from adapters.cli.work.delivering import Delivered
from core.domain.images import ImageStatus
from core.domain.orders import OrderStatus
from core.usecases.delivery.results import ImageResult, OrderResults
from core.usecases.images.add import Refusal
from core.usecases.plans.proposal import Proposal

if TYPE_CHECKING:
    from rich.console import Console

FLAGGED, FAILED, REFUSED = "flagged", "failed", "refused"


@attrs.define(kw_only=True)
class Report:
    """Everything that is known so far; it can be written at any moment, also when something stops the work.

    Args:
        asked: ids of orders whose proposals are not known.
        runs: ids of the runs that are reported on; empty for all.
        held: credits that were reserved.
        seconds: since the start of the command.
    """

    proposals: Sequence[Proposal] = ()
    results: Sequence[OrderResults] = ()
    refused: Sequence[Refusal] = ()
    placed: Sequence[Delivered] = ()
    folder: Path | None = None
    asked: Sequence[str] = ()
    runs: frozenset[str] = frozenset()
    held: int = 0
    seconds: float = 0.0

    @property
    def order_ids(self) -> list[str]:
        """Ids of the orders that are reported on."""
        return [p.order.id for p in self.proposals] or list(self.asked)

    @property
    def orders(self) -> list[dict[str, Any]]:
        """The orders as they are now."""
        newest = {r.order.id: r.order for r in self.results}
        known = [newest.get(p.order.id, p.order) for p in self.proposals] or list(newest.values())
        return [order_document(order) for order in known]

    @property
    def images(self) -> list[ImageResult]:
        """The pictures of all orders."""
        return [image for order in self.results for image in order.images]

    def problems(self) -> set[str]:
        """Say what should be looked at: flagged, failed or refused pictures."""
        states = {result.image.status for result in self.images}
        found = {FLAGGED} if ImageStatus.NEEDS_RETOUCH in states else set()
        found |= {FAILED} if ImageStatus.FAILED in states else set()
        return found | ({REFUSED} if self.refused else set())

    def credits(self) -> dict[str, int]:
        """Say what was reserved, what was paid, and what came back."""
        versions = [r.version for r in self.images if r.version is not None]
        captured = sum(v.credits for v in versions if not self.runs or v.run_id in self.runs)
        is_over = all(order.order.status is not OrderStatus.PROCESSING for order in self.results)
        return {
            "held": self.held,
            "captured": captured,
            "released": max(self.held - captured, 0) if self.results and is_over else 0,
        }

    def document(self, error: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the one document of ``i2i process --json``."""
        orders = self.orders
        plan = self.proposals[0].revision.plan if self.proposals else None
        for order, proposal in zip(orders, self.proposals, strict=False):
            order["quote"] = quote_document(proposal.quote)
        return {
            "order": orders[0] if orders else None,
            "orders": orders,
            "plan": plan_document(plan) if plan is not None else None,
            "questions": [question_document(q) for q in plan.questions] if plan is not None else [],
            "quote": self._quote(),
            "images": [self._image(result) for result in self.images],
            "refused": [refusal_document(r) for r in self.refused],
            "credits": self.credits(),
            "output_folder": str(self.folder) if self.folder is not None else None,
            "seconds": round(self.seconds, 3),
            "error": error,
        }

    def _quote(self) -> dict[str, Any] | None:
        if not self.proposals:
            return None
        merged = quote_document(self.proposals[0].quote)
        for proposal in self.proposals[1:]:
            for line, more in zip(merged["lines"], quote_document(proposal.quote)["lines"], strict=True):
                line["quantity"] += more["quantity"]
                line["total"] += more["total"]
        merged["total"] = sum(line["total"] for line in merged["lines"])
        return merged

    def _image(self, result: ImageResult) -> dict[str, Any]:
        image, version = result.image, result.version
        paths = {d.result.path: d.path for d in self.placed if d.image.image.id == image.id}
        return {
            "id": image.id,
            "order_id": image.order_id,
            "name": image.original_name,
            "position": image.position,
            "status": image.status.value,
            "confidence": version.confidence if version is not None else None,
            "failure": attrs.asdict(image.failure) if image.failure is not None else None,
            "flags": [flag_document(f) for f in version.flags] if version is not None else [],
            "outputs": [
                {
                    "output": f.file.output, "name": f.path, "path": str(paths[f.path]) if f.path in paths else None,
                    "format": f.file.format, "width": f.file.width, "height": f.file.height, "bytes": f.file.bytes,
                    "sha256": f.file.sha256, "measures": f.file.measures, "compliance": list(f.file.compliance),
                }
                for f in result.files
            ],
        }  # fmt: skip


def refusal_document(refusal: Refusal) -> dict[str, Any]:
    """Describe a file that was not taken."""
    return {"name": refusal.name, "code": refusal.code, "message": refusal.message}


def print_report(console: "Console", document: dict[str, Any]) -> None:
    """Print what came of the work."""
    images = document["images"]
    done = [i for i in images if i["outputs"]]
    where = f" in {document['output_folder']}" if document["output_folder"] else ""
    files = count(sum(len(i["outputs"]) for i in done), "file")
    print_line(console, f"{len(done)} of {count(len(images), 'picture')} finished: {files}{where}.", style="bold")
    _print_problems(console, "Look at", (i for i in images if i["status"] == "needs_retouch"), style="yellow")
    _print_problems(console, "Failed", (i for i in images if i["failure"]), style="red")
    for refusal in document["refused"]:
        print_line(console, f"Refused: {refusal['message']}", style="red")
    paid = document["credits"]
    print_line(
        console,
        f"{count(paid['captured'], 'credit')} spent, {paid['released']} given back, {document['seconds']:.1f} s."
        f" Order {', '.join(o['id'] for o in document['orders'])}.",
    )


def _print_problems(console: "Console", title: str, images: Iterable[dict[str, Any]], *, style: str) -> None:
    for image in images:
        reasons = [image["failure"]["message"]] if image["failure"] else []
        reasons += [f["message"] for f in image["flags"]]
        print_line(console, f"{title}: {image['name']}: {' '.join(dict.fromkeys(reasons))}", style=style)
