"""Orders: documents and text."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from adapters.cli.output import count, print_facts, print_line, print_table, size
from adapters.cli.views.images import image_document, image_rows, version_document
from core.domain.orders import Order
from core.usecases.queries.orders import OrderProgress, OrderView

if TYPE_CHECKING:
    from rich.console import Console

IMAGE_COLUMNS = (">No", "Picture", "Status", ">Version", "Remarks")


def order_document(order: Order) -> dict[str, Any]:
    """Describe an order."""
    return {
        "id": order.id,
        "name": order.name,
        "status": order.status.value,
        "instruction": order.instruction,
        "brief_name": order.brief_name,
        "plan_revision": order.plan_revision,
        "quoted": order.quoted,
        "image_count": order.image_count,
        "total_bytes": order.total_bytes,
        "summary": order.summary,
        "created_at": order.created_at,
        "updated_at": order.updated_at,
        "started_at": order.started_at,
        "completed_at": order.completed_at,
        "deleted_at": order.deleted_at,
    }


def view_document(view: OrderView) -> dict[str, Any]:
    """Describe an order with its pictures, newest versions and runs."""
    versions = view.versions
    return {
        "order": order_document(view.order),
        "images": [
            image_document(i) | {"version": version_document(versions[i.id]) if i.id in versions else None}
            for i in view.images
        ],
        "runs": [
            {
                "id": r.id, "kind": r.kind, "state": r.state, "price_version": r.price_version, "open": r.open_items,
                "done": r.done_items, "failed": r.failed_items, "created_at": r.created_at,
                "finished_at": r.finished_at,
            }
            for r in view.runs
        ],
    }  # fmt: skip


def progress_document(progress: OrderProgress) -> dict[str, Any]:
    """Describe how far the work is."""
    return {
        "order": order_document(progress.order),
        "total": progress.total,
        "finished": progress.finished,
        "failed": progress.failed,
        "busy": progress.busy,
        "percent": progress.percent,
        "images": [image_document(i) for i in progress.images],
    }


def print_order(console: "Console", document: dict[str, Any]) -> None:
    """Print one order."""
    order = document.get("order", document)
    print_facts(
        console,
        [
            ("Order", order["id"]),
            ("Name", order["name"]),
            ("Status", order["status"].replace("_", " ")),
            ("Pictures", f"{order['image_count']} ({size(order['total_bytes'])})"),
            ("Instruction", order["instruction"]),
            ("Brief", order["brief_name"]),
            ("Quoted", count(order["quoted"], "credit") if order["plan_revision"] else ""),
            ("Summary", order["summary"]),
        ],
    )
    if document.get("images"):
        print_table(console, IMAGE_COLUMNS, image_rows(document["images"]))


def print_orders(console: "Console", document: dict[str, Any]) -> None:
    """Print a page of orders."""
    rows = [
        (
            o["id"], o["name"], o["status"].replace("_", " "), o["image_count"], size(o["total_bytes"]),
            f"{o['created_at']:%Y-%m-%d %H:%M}",
        )
        for o in document["orders"]
    ]  # fmt: skip
    print_table(console, ("Order", "Name", "Status", ">Pictures", ">Size", "Created"), rows)
    if document["next_cursor"]:
        print_line(console, f"More: --cursor {document['next_cursor']}")


def print_progress(console: "Console", document: dict[str, Any]) -> None:
    """Print how far the work is."""
    order = document["order"]
    parts = [f"{document['finished']} of {document['total']} finished"]
    parts += [f"{document['failed']} failed"] if document["failed"] else []
    parts += [f"{document['busy']} under way"] if document["busy"] else []
    print_line(console, f"{order['name']}: {order['status'].replace('_', ' ')}, {', '.join(parts)}.")
    print_table(console, IMAGE_COLUMNS, image_rows(document["images"]))


def print_log(console: "Console", document: dict[str, Any]) -> None:
    """Print the action log."""
    rows = [(f"{e['at']:%Y-%m-%d %H:%M:%S}", e["type"], e["actor"], e["message"]) for e in document["entries"]]
    print_table(console, ("Time", "What", "Who", "Message"), rows)


def print_events(console: "Console", document: dict[str, Any]) -> None:
    """Print what happened, one line each."""
    rows = [
        (e["sequence"], f"{e['at']:%Y-%m-%d %H:%M:%S}", e["name"], ", ".join(f"{k}={v}" for k, v in e["data"].items()))
        for e in document["events"]
    ]
    print_table(console, (">No", "Time", "Event", "Facts"), rows)


def print_totals(console: "Console", document: dict[str, Any]) -> None:
    """Print sums over the orders of a user."""
    states: Sequence[tuple[str, object]] = [(k.replace("_", " "), v) for k, v in document["by_status"].items()]
    print_facts(
        console,
        [
            ("Orders", document["orders"]), ("Pictures", document["images"]), ("Size", size(document["bytes"])),
            ("Processed", document["images_processed"]), ("In process", document["images_in_process"]),
            ("Completed", document["images_completed"]), ("Failed", document["images_failed"]),
            ("Credits used", document["credits_used"]), ("In the bin", document["deleted"]), *states,
        ],
    )  # fmt: skip
