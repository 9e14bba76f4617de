"""``i2i doctor``: does this installation work?"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from adapters.cli.commands import command
from adapters.cli.diagnosis.checks import CHECKS, Warn
from adapters.cli.errors import OK, UNEXPECTED, error_document
from adapters.cli.output import print_line, print_table
from adapters.cli.session import Session

if TYPE_CHECKING:
    from rich.console import Console

ABOUT = "Check that this installation works; exit with 1 when something is broken."


@command(None, "doctor", about=ABOUT, has_user=False)
def doctor(session: Session) -> int:
    """Check the installation."""
    findings = []
    for name, check in CHECKS.items():
        findings.append(_examine(session, name, check))
        if name == "settings" and findings[-1]["state"] == "broken":
            break  # nothing else can be tried without settings
    is_healthy = all(f["state"] != "broken" for f in findings)
    session.show({"is_healthy": is_healthy, "checks": findings}, _print)
    return OK if is_healthy else UNEXPECTED


def _examine(session: Session, name: str, check: Callable[[Session], str]) -> dict[str, Any]:
    try:
        return {"name": name, "state": "ok", "code": "", "detail": check(session)}
    except Warn as finding:
        return {"name": name, "state": "warning", "code": "warning", "detail": str(finding)}
    except Exception as error:  # noqa: BLE001 - whatever is wrong is the answer
        document = error_document(error)
        return {"name": name, "state": "broken", "code": document["code"], "detail": document["message"]}


def _print(console: "Console", document: dict[str, Any]) -> None:
    print_table(
        console, ("Check", "State", "Detail"), [(c["name"], c["state"], c["detail"]) for c in document["checks"]]
    )
    print_line(console, "Everything works." if document["is_healthy"] else "Something is broken; see above.")
