"""Messages to and from a child, which may be hostile by the time it answers."""

import io
import json
import struct
from pathlib import Path
from typing import Any

import pytest

from adapters.imaging import wire
from adapters.sandbox.messages import WireError, receive, send
from core.ports.image_engine import Flag, Rendered, RenderResult, Severity
from tests.unit.imaging.pictures import output, task


def stream_of(body: bytes, length: int | None = None) -> io.BytesIO:
    return io.BytesIO(struct.pack(">I", len(body) if length is None else length) + body)


def test_a_message_arrives_as_it_was_sent() -> None:
    stream = io.BytesIO()
    send(stream, {"do": "probe", "path": "Größe.jpg"})
    send(stream, {"do": "render"})
    stream.seek(0)
    assert receive(stream) == {"do": "probe", "path": "Größe.jpg"}
    assert receive(stream) == {"do": "render"}
    assert receive(stream) is None


@pytest.mark.parametrize(
    "stream",
    [
        stream_of(b"{}", 10),
        stream_of(b"", 2**32 - 1),
        stream_of(b"not json"),
        stream_of(b"[1]"),
        io.BytesIO(b"\0\0"),
        stream_of(b"\x80\x04\x95."),
    ],
)
def test_what_is_no_message_is_refused(stream: io.BytesIO) -> None:
    with pytest.raises(WireError):
        receive(stream)


def test_a_task_arrives_as_it_was_sent(tmp_path: Path) -> None:
    job = task(
        tmp_path / "a.jpg",
        tmp_path,
        output([("resize", {"long_edge": 10}), ("export", {"format": "png"})], "one"),
        output([], "two"),
        files={"L1": tmp_path / "logo.png"},
        max_edge=100,
    )
    assert wire.read_task(json.loads(json.dumps(wire.write_task(job)))) == job


def result_of(path: Path) -> RenderResult:
    file = Rendered(
        output="main", path=path, format="png", width=1, height=2, bytes=3, sha256="ab", measures={"dpi": 72}
    )
    flag = Flag(code="odd", message="Odd.", severity=Severity.NOTE, measured=1.0, limit=2.0, output="main")
    return RenderResult(files=(file,), flags=(flag,), confidence=0.5, engine="local")


def test_a_result_arrives_as_it_was_sent(tmp_path: Path) -> None:
    result = result_of(tmp_path / "00.png")
    assert wire.read_result(json.loads(json.dumps(wire.write_result(result))), tmp_path) == result


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "a/b.png", ".."])
def test_a_child_cannot_name_files_outside_the_work_folder(tmp_path: Path, name: str) -> None:
    message: dict[str, Any] = wire.write_result(result_of(tmp_path / "00.png"))
    message["files"][0]["name"] = name
    with pytest.raises(WireError):
        wire.read_result(message, tmp_path)
