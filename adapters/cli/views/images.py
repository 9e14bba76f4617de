"""Pictures and versions: documents and text."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from adapters.cli.output import count, print_line, print_table, size
from core.domain.images import ImageVersion, OrderImage, VersionFlag

if TYPE_CHECKING:
    from rich.console import Console


def image_document(image: OrderImage) -> dict[str, Any]:
    """Describe a picture."""
    failure = image.failure
    return {
        "id": image.id,
        "position": image.position,
        "name": image.original_name,
        "status": image.status.value,
        "format": image.format,
        "width": image.width,
        "height": image.height,
        "bytes": image.bytes,
        "sha256": image.sha256,
        "latest_version": image.latest_version,
        "approved_version": image.approved_version,
        "note": image.note,
        "tags": list(image.tags),
        "failure": {"code": failure.code, "message": failure.message} if failure is not None else None,
    }


def flag_document(flag: VersionFlag) -> dict[str, Any]:
    """Describe a reason to look at a picture."""
    return {
        "code": flag.code,
        "message": flag.message,
        "severity": flag.severity,
        "measured": flag.measured,
        "limit": flag.limit,
        "output": flag.output,
    }


def version_document(version: ImageVersion) -> dict[str, Any]:
    """Describe a version with its files."""
    return {
        "number": version.number,
        "base_version": version.base_version,
        "plan_revision": version.plan_revision,
        "created_at": version.created_at,
        "confidence": version.confidence,
        "engine": version.engine,
        "duration_ms": version.duration_ms,
        "credits": version.credits,
        "flags": [flag_document(f) for f in version.flags],
        "files": [
            {
                "output": f.output, "format": f.format, "width": f.width, "height": f.height, "bytes": f.bytes,
                "sha256": f.sha256, "measures": f.measures, "compliance": list(f.compliance),
            }
            for f in version.files
        ],
    }  # fmt: skip


def image_rows(images: Iterable[dict[str, Any]]) -> list[tuple[object, ...]]:
    """Lay out pictures as rows: number, name, status, version, remarks."""
    return [
        (i["position"], i["name"], i["status"].replace("_", " "), i["latest_version"] or None, remarks(i))
        for i in images
    ]


def remarks(image: dict[str, Any]) -> str:
    """Say what is to be known about a picture: its failure, a note, its flags."""
    if image["failure"]:
        return str(image["failure"]["message"])
    flags = (image.get("version") or {}).get("flags", [])
    return " ".join([image["note"], *(f["message"] for f in flags)]).strip()


def print_images(console: "Console", document: dict[str, Any]) -> None:
    """Print pictures with their ids."""
    rows = [
        (i["position"], i["id"], i["name"], i["status"].replace("_", " "), ", ".join(i["tags"]))
        for i in document["images"]
    ]
    print_table(console, (">No", "Id", "Picture", "Status", "Tags"), rows)


def print_added(console: "Console", document: dict[str, Any]) -> None:
    """Print which pictures were taken and which were not."""
    print_line(
        console, f"{count(len(document['images']), 'picture')} added, {document['order']['image_count']} in all."
    )
    for refusal in document["refused"]:
        print_line(console, f"Refused: {refusal['message']}", style="red")


def print_versions(console: "Console", document: dict[str, Any]) -> None:
    """Print the versions of a picture with their files and flags."""
    rows: list[tuple[object, ...]] = []
    for version in document["versions"]:
        reasons = " ".join(f["message"] for f in version["flags"])
        for file in version["files"]:
            facts = f"{file['width']} × {file['height']}"
            rows.append((version["number"], file["output"], file["format"], facts, size(file["bytes"]), reasons))
    print_table(console, (">Version", "Output", "Format", "Size", ">Bytes", "Flags"), rows)
