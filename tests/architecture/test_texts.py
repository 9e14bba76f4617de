"""No tracked text names a machine that it was written on, or a package registry that somebody else cannot reach."""

import re
import subprocess
from pathlib import Path

import pytest

PLACE = r"(?<![\w.:/~-])/(?:home/[a-z]|Users/[A-Za-z]|root/|work/|farm/|opt/[a-z]|tmp/[a-z])"
REGISTRY = (
    r"files\.pythonhosted\.org|pypi\.org/simple|registry\.(?:npmjs|yarnpkg)\.(?:org|com)|--(?:extra-)?index-ur[l]"
)
FORBIDDEN = re.compile(f"{PLACE}|{REGISTRY}")
BINARY = {
    ".avif",
    ".gif",
    ".icc",
    ".ico",
    ".jpg",
    ".jpeg",
    ".npz",
    ".onnx",
    ".pdf",
    ".png",
    ".tif",
    ".tiff",
    ".webp",
    ".woff2",
    ".zip",
}


def workplace_words(text: str) -> list[str]:
    """Return each line of a text that names a workplace or a registry."""
    return [
        f"line {number}: {line.strip()}" for number, line in enumerate(text.splitlines(), 1) if FORBIDDEN.search(line)
    ]


def tracked_texts(root: Path) -> list[Path]:
    """Return the tracked files that are text; skip where there is no git checkout."""
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True, check=False)
    if listing.returncode:
        pytest.skip("this is not a git checkout")
    paths = [root / name for name in listing.stdout.split("\0") if name]
    return [path for path in paths if path.is_file() and path.suffix.lower() not in BINARY]


def test_no_tracked_text_names_a_workplace(project_root: Path) -> None:
    found = {
        str(path.relative_to(project_root)): lines
        for path in tracked_texts(project_root)
        if (lines := workplace_words(path.read_text(encoding="utf-8")))
    }
    assert not found


@pytest.mark.parametrize(
    # In two pieces each, so that this file does not report itself.
    ("start", "end"),
    [
        ("open('/", "home/anna/photos')"),
        ("cd /", "work/main"),
        ("see /", "root/.config"),
        ("path = /", "tmp/results.json"),
        ("/", "Users/anna/i2i"),
        ("https://files.", "pythonhosted.org/packages/x.whl"),
        ("--index", "-url https://packages.example/simple"),
        ('"resolved": "https://registry.', 'npmjs.org/htmx"'),
    ],
)
def test_a_planted_path_or_host_is_reported(start: str, end: str) -> None:
    assert workplace_words(f"first\n{start}{end}\n") == [f"line 2: {start}{end}"]


@pytest.mark.parametrize(
    "text",
    [
        "https://example.com/home/anna",
        "GET /orders/42",
        "var/tmp/x",
        "usr/work/notes",
        "../work/x",
        "a/home/b",
        "~/work/photos",
    ],
)
def test_ordinary_paths_are_not(text: str) -> None:
    assert workplace_words(text) == []


def test_lock_files_name_no_index_and_hash_everything(project_root: Path) -> None:
    for path in sorted((project_root / "requirements").glob("*.txt")):
        pins = path.read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
        assert pins, path.name
        assert [pin for pin in pins if not re.match(r"[a-z0-9.-]+==\S+.* --hash=sha256:[0-9a-f]{64}", pin)] == [], (
            path.name
        )
