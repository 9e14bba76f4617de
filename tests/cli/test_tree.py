"""Every command keeps the same manners, and help appears without loading anything heavy."""

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from adapters.cli.commands import sentence
from adapters.cli.main import COMMANDS, cli
from tests.cli.conftest import ROOT, Run, start

HEAVY = (
    "PIL", "alembic", "anthropic", "boto3", "cv2", "dramatiq", "flask", "numpy", "openai", "pydantic", "pyvips",
    "redis", "rich", "sqlalchemy", "structlog", "uvicorn", "attrs", "pluggy", "core.usecases", "plugins",
)  # fmt: skip


def leaves(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Walk over all commands that do something."""
    if not isinstance(command, click.Group):
        yield path, command
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        found = command.get_command(context, name)
        assert found is not None
        yield from leaves(found, (*path, name))


TREE = dict(leaves(cli))
PATHS = sorted(TREE)


def unmannered(tree: dict[tuple[str, ...], click.Command]) -> list[str]:
    """Return the commands that lack ``--json`` or a sentence of help."""
    bad = []
    for path, command in tree.items():
        options = {word for parameter in command.params for word in parameter.opts}
        if "--json" not in options or not (command.help or "").endswith("."):
            bad.append(" ".join(path))
    return bad


def test_every_command_understands_json_and_explains_itself() -> None:
    assert len(TREE) > 60
    assert unmannered(TREE) == []


def test_a_command_without_manners_is_reported() -> None:
    assert unmannered({("rude",): click.Command("rude", help="Does things.")}) == ["rude"]


@pytest.mark.parametrize("path", PATHS, ids=" ".join)
def test_help_of_every_command(run: Run, path: tuple[str, ...]) -> None:
    result = run(*path, "--help")
    assert result.exit_code == 0
    assert f"Usage: i2i {' '.join(path)}" in result.stdout
    assert "--json" in result.stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_of_commands_tells_what_the_commands_tell(name: str) -> None:
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    help_text = command.help or ""
    if isinstance(command, click.Group):
        assert COMMANDS[name][2] == help_text
    else:
        shown = COMMANDS[name][2].rstrip(".")
        assert sentence(help_text).startswith(shown), (shown, help_text)


def test_the_reference_page_names_every_command_and_nothing_else() -> None:
    page = (ROOT / "docs/reference/cli.md").read_text(encoding="utf-8")
    told = {line.split("`")[1] for line in page.splitlines() if line.startswith("- `i2i ")}
    words = {" ".join(word for word in text.split() if word.islower() and word.isalpha()) for text in told}
    assert words == {" ".join(path) for path in PATHS}


LOADED = """
import json, sys
from adapters.cli.main import cli
try:
    cli(["--help"], prog_name="i2i")
except SystemExit:
    pass
print(json.dumps(sorted(sys.modules)))
"""


def loaded(code: str) -> set[str]:
    answer = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(json.loads(answer.stdout.splitlines()[-1]))


def heavy(modules: set[str]) -> set[str]:
    return {name for name in HEAVY if any(m == name or m.startswith(f"{name}.") for m in modules)}


def test_help_loads_nothing_heavy() -> None:
    assert heavy(loaded(LOADED)) == set()


def test_a_heavy_import_would_be_seen() -> None:
    assert heavy(loaded(f"import sqlalchemy\n{LOADED}")) == {"sqlalchemy"}


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts(run: Run, shell: str) -> None:
    result = run("completion", shell)
    assert result.exit_code == 0
    assert "_I2I_COMPLETE" in result.stdout


@pytest.mark.parametrize(
    ("words", "wanted"), [("i2i ord", "order"), ("i2i order re", "reprocess"), ("i2i process --pl", "--plan-only")]
)
def test_a_shell_is_told_what_may_follow(words: str, wanted: str, tmp_path: Path) -> None:
    answer = subprocess.run(
        [sys.executable, "-c", "from adapters.cli.main import main; main()"],
        cwd=ROOT, capture_output=True, text=True, check=False,
        env={"_I2I_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(len(words.split()) - 1),
             "PATH": "", "I2I_HOME": str(tmp_path)},
    )  # fmt: skip
    assert wanted in {line.split(",")[-1] for line in answer.stdout.splitlines()}
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("words", [("profile", "show", "amazon_main"), ("plan", "schema", "--json")])
def test_a_reader_who_has_seen_enough_is_no_failure(words: tuple[str, ...], tmp_path: Path) -> None:
    process = start({"I2I_HOME": str(tmp_path)}, *words)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == ""
    assert process.wait(timeout=60) == 0


# Done by workers, by the session itself, for requests that come with a key, or to be looked at in a page.
NOT_COMMANDS = {
    "Authenticate", "DispatchEvents", "EnsureOperator", "ExpireCredits", "FindImage", "GetPreview", "GetThumbnail",
    "HintReadyItems", "ProcessItem", "PurgeOrders", "ReleaseOverdueHolds", "SweepFiles",
    # Done by people with a browser, or for them.
    "AuthenticateSession", "ChangePassword", "CheckResetLink", "ForgetSessions", "GetSession", "RefreshSession",
    "RequestPasswordReset", "ResendVerification", "ResetPassword", "SendLetter", "SignIn", "SignOut", "SignUp",
    "VerifyEmail",
    # What a page shows at once; commands show the same by `order show`, `image versions`, `plan show`, `recipe show`.
    "FollowOrder", "ListPresets", "LookAtPicture", "ReadHeads", "ReadNews", "ReadRecipe", "ReviewOrder",
    "ShowDashboard", "ShowGallery", "VersionsOfOrder", "ViewImage",
    # `process --plan-only` understands words without an order, `image select` chooses pictures.
    "ChoosePlannedPictures", "UnderstandInstruction",
    # A conversation at the terminal is about an order, and its answers are stopped by Ctrl-C.
    "ChatFreely", "StopAnswer",
    # At the terminal `order create` takes files, and results are files.
    "FindOwnPicture",
}  # fmt: skip


def use_cases() -> set[str]:
    """Return the names of the classes in the use-case layer that can be called."""
    found = set()
    for path in (ROOT / "core/usecases").rglob("*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and any(
                isinstance(part, ast.FunctionDef) and part.name == "__call__" for part in node.body
            ):
                found.add(node.name)
    return found


def test_every_use_case_is_a_command() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "adapters/cli").rglob("*.py"))
    assert len(use_cases()) > 40
    assert {name for name in use_cases() if not re.search(rf"\b{name}\b", text)} - NOT_COMMANDS == set()
