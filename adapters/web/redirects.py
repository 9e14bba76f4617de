"""Where a sign-in may lead: pages of this installation, never another host."""

from urllib.parse import unquote, urlsplit

HOME = "/dashboard"
MAX_LENGTH = 500


def own_path(wanted: str | None, default: str = HOME) -> str:
    """Return a path of this installation as it was wished for, or the default for anything else.

    Browsers read a backslash as a slash and drop tabs and line ends, so both are refused, encoded or not.
    """
    text = wanted or ""
    if not text.startswith("/") or len(text) > MAX_LENGTH or not text.isascii():
        return default
    decoded = unquote(unquote(text))
    if any(c <= " " or c in "\\\x7f" for c in decoded.partition("?")[0]) or any(
        c < " " or c == "\x7f" for c in decoded
    ):
        return default
    path = decoded.partition("?")[0].partition("#")[0]
    if path.startswith("//") or text.startswith(("//", "/\\")) or "/../" in f"{path}/" or "//" in path:
        return default
    try:
        parts = urlsplit(text)
    except ValueError:
        return default
    return text if not parts.scheme and not parts.netloc else default
