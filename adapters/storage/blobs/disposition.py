"""The header that makes a browser save a file under a name."""

import unicodedata
from urllib.parse import quote


def attachment(name: str) -> str:
    """Write a Content-Disposition header for a download (RFC 6266, with the name as in RFC 8187).

    Control and bidirectional characters, slashes and leading dots are taken out of the name; old clients get an
    ASCII form beside the real one.
    """
    visible = "".join(c for c in name if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Zl", "Zp"})
    clean = visible.replace("/", "_").replace("\\", "_").strip().lstrip(".") or "file"
    plain = unicodedata.normalize("NFKD", clean).encode("ascii", "ignore").decode()
    plain = "".join("_" if c in '"%;' else c for c in plain).strip() or "file"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(clean, safe='')}"
