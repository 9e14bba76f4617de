"""Documents that unfold into gigabytes are refused as briefs before anything in them is opened."""

import io
import json
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

PROGRAM = """
import json, re, resource, sys
from pathlib import Path
from adapters.cli.work.texts import read_brief
from core.errors import I2IError
from core.ports.planner import PlanRequest
from plugins.llm.local.planner import LocalPlanner
try:
    words = read_brief(Path(sys.argv[1]))
    LocalPlanner().plan(PlanRequest(instruction=words))
    code = "taken"
except I2IError as error:
    code = error.code
status = Path("/proc/self/status")
if status.exists():  # getrusage also counts the process that this one was forked from
    peak = int(re.search(r"VmHWM:\\s+(\\d+)", status.read_text())[1]) * 1024
else:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps({"code": code, "rss": peak}))
"""
MEMORY = 300 * 2**20


def docx(part: str, content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(part, content)
    return packed.getvalue()


def pdf(stream: bytes) -> bytes:
    head = b"%%PDF-1.7\n1 0 obj<</Length %d/Filter/FlateDecode>>stream\n" % len(stream)
    return head + stream + b"\nendstream endobj\n%%EOF"


def laughs() -> bytes:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY l0 "lol">{entities}]><l>&l9;</l>'.encode()


BOMBS: dict[str, Callable[[], bytes]] = {
    "paragraphs.docx": lambda: docx("word/document.xml", b"<w:p/>" * 4_000_000),
    "zeros.docx": lambda: docx("word/document.xml", bytes(200_000_000)),
    "media.docx": lambda: docx("word/media/image1.png", bytes(200_000_000)),
    "laughs.docx": lambda: docx("word/document.xml", laughs()),
    "stream.pdf": lambda: pdf(zlib.compress(bytes(200_000_000), 9)),
    "twice.pdf": lambda: pdf(zlib.compress(zlib.compress(bytes(200_000_000), 9), 9)),
    "paragraphs.txt": lambda: docx("word/document.xml", b"<w:p/>" * 4_000_000),
    "stream.txt": lambda: pdf(zlib.compress(bytes(200_000_000), 9)),
    "long.txt": lambda: b"white background " * 2_000_000,
    "one-word.md": lambda: b"a" * 799_999,
}


def read(path: Path, *, program: str = PROGRAM) -> dict[str, int | str]:
    done = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, check=True, text=True)
    answer: dict[str, int | str] = json.loads(done.stdout)
    return answer


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_and_costs_little(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(BOMBS[name]())
    answer = read(path)
    assert answer["code"] != "taken"
    assert int(answer["rss"]) <= MEMORY


def test_an_honest_brief_passes_and_a_reader_that_unpacks_is_caught(tmp_path: Path) -> None:
    honest = tmp_path / "brief.txt"
    honest.write_text("White background, 2000 x 2000 px, JPEG.")
    assert read(honest)["code"] == "taken"
    bomb = tmp_path / "zeros.docx"
    bomb.write_bytes(BOMBS["zeros.docx"]())
    unpacking = PROGRAM.replace(
        "read_brief(Path(sys.argv[1]))",
        "__import__('zipfile').ZipFile(sys.argv[1]).read('word/document.xml') * 2",
    ).replace("LocalPlanner().plan(PlanRequest(instruction=words))", "pass")
    assert int(read(bomb, program=unpacking)["rss"]) > MEMORY
