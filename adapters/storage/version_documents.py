"""Files and flags of a version as documents, and back."""

from typing import Any

from core.domain.images import VersionFile, VersionFlag


def write_file(file: VersionFile) -> dict[str, Any]:
    """Return a file as a document."""
    return {
        "output": file.output,
        "asset_id": file.asset_id,
        "storage_key": file.storage_key,
        "format": file.format,
        "width": file.width,
        "height": file.height,
        "bytes": file.bytes,
        "sha256": file.sha256,
        "measures": file.measures,
        "compliance": list(file.compliance),
    }


def read_file(document: dict[str, Any]) -> VersionFile:
    """Return the file that a document tells of."""
    return VersionFile(**{**document, "compliance": tuple(document["compliance"])})


def write_flag(flag: VersionFlag) -> dict[str, Any]:
    """Return a flag as a document."""
    return {
        "code": flag.code,
        "message": flag.message,
        "severity": flag.severity,
        "measured": flag.measured,
        "limit": flag.limit,
        "output": flag.output,
    }


def read_flag(document: dict[str, Any]) -> VersionFlag:
    """Return the flag that a document tells of."""
    return VersionFlag(**document)
