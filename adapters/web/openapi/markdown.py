"""The list of endpoints in the written reference.

Usage: python -m adapters.web.openapi.markdown docs/reference/api.md; rewrites what stands between the two marks.
"""

import sys
from pathlib import Path

from adapters.web.openapi.reference import Endpoint, Reference

BEGIN, END = "<!-- endpoints: written by adapters.web.openapi.markdown -->", "<!-- end of endpoints -->"


def endpoint_tables(reference: Reference) -> str:
    """Return one table for each group of endpoints."""
    parts = []
    for group in reference.groups:
        rows = [_row(endpoint) for endpoint in group.endpoints]
        parts.append(
            "\n".join([f"### {group.title}", "", group.about, "", "| call | what | scope |", "|---|---|---|", *rows])
        )
    return "\n\n".join(parts)


def _row(endpoint: Endpoint) -> str:
    aliases = "".join(f"; also `{alias}`" for alias in endpoint.aliases)
    scope = "open" if endpoint.is_open else f"`{endpoint.scope}`" if endpoint.scope else "any key"
    return f"| `{endpoint.method} {endpoint.path}` | {endpoint.summary.rstrip('.')}{aliases} | {scope} |"


def rewritten(text: str, reference: Reference) -> str:
    """Return a page with the current tables between its marks."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{endpoint_tables(reference)}\n\n{END}{after}"


def main(path: Path) -> None:
    """Rewrite a page."""
    from adapters.bootstrap import Application
    from adapters.settings import Settings
    from adapters.web.app import create_app
    from adapters.web.openapi import openapi_document, write_reference

    app = create_app(Application(Settings(home=Path.cwd())))
    with app.app_context():
        reference = write_reference(openapi_document(), server="")
    path.write_text(rewritten(path.read_text(encoding="utf-8"), reference), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
