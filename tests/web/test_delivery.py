"""Delivery over HTTP: results, single files, archives."""

import hashlib
import io
import zipfile
from typing import Any
from urllib.parse import quote

import pytest
from werkzeug.test import TestResponse

from tests.web.site import Person, Site, problem


def unpacked(answer: TestResponse) -> dict[str, bytes]:
    """Check an archive and return its files."""
    assert answer.status_code == 200
    assert answer.mimetype == "application/zip"
    assert answer.content_length == len(answer.data)
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture
def done(site: Site, ada: Person) -> tuple[str, list[str]]:
    """Return id and picture ids of a finished order."""
    order = site.finished(ada, "one.jpg", "two.jpg", "three.jpg")
    return order.id, [i.id for i in site.studio.images(order.id)]


@pytest.mark.req("S0-PROC-02")
@pytest.mark.parametrize("path", ["/api/results/{}", "/api/orders/{}/results"])
def test_results_tell_names_addresses_and_a_summary(ada: Person, done: Any, path: str) -> None:
    found = ada.get(path.format(done[0]))
    first = found["images"][0]
    assert set(first) == {"id", "originalName", "originalUrl", "processedUrl", "status", "version", "size"}
    assert (first["originalName"], first["status"], first["version"]) == ("one.jpg", "completed", 1)
    assert "3 of 3" in found["summary"]
    for result in found["data"]["images"]:
        (file,) = result["files"]
        content = ada.call("GET", file["url"])
        assert (len(content.data), hashlib.sha256(content.data).hexdigest()) == (file["bytes"], file["sha256"])
    assert ada.call("GET", first["originalUrl"]).data.startswith(b"jpeg:one.jpg")
    assert ada.call("GET", first["processedUrl"]).status_code == 200


@pytest.mark.req("S0-EXP-01")
@pytest.mark.req("S0-EXP-02")
@pytest.mark.req("S0-EXP-05")
def test_an_order_is_exported_as_an_archive(ada: Person, done: Any) -> None:
    files = unpacked(ada.call("POST", "/api/export", json={"orderId": done[0]}))
    assert set(files) == {"one.jpg", "two.jpg", "three.jpg", "SUMMARY.txt"}
    assert b"one.jpg: completed" in files["SUMMARY.txt"]
    assert unpacked(ada.call("GET", f"/api/orders/{done[0]}/archive")).keys() == files.keys()


@pytest.mark.req("S0-EXP-04")
def test_a_selection_is_exported(ada: Person, done: Any) -> None:
    order, ids = done
    wanted = {"two.jpg", "SUMMARY.txt"}
    assert set(unpacked(ada.call("POST", "/api/export", json={"orderId": order, "imageIds": ids[1:2]}))) == wanted
    assert set(unpacked(ada.call("GET", f"/api/orders/{order}/archive?images={ids[1]}"))) == wanted
    assert set(unpacked(ada.call("GET", f"/api/orders/{order}/archive?images={ids[1]}&outputs=main"))) == wanted
    problem(ada.call("GET", f"/api/orders/{order}/archive?outputs=banner"), 422, "unknown_output")
    problem(ada.call("POST", "/api/export", json={"orderId": order, "imageIds": ["other"]}), 404, "not_found")


def test_approved_versions_alone(ada: Person, done: Any) -> None:
    order, ids = done
    problem(ada.call("GET", f"/api/orders/{order}/archive?which=approved"), 422, "nothing_to_download")
    ada.post(f"/api/orders/{order}/images/approve", {"imageIds": ids[:1]})
    files = unpacked(ada.call("GET", f"/api/orders/{order}/archive?which=approved"))
    assert set(files) == {"one.jpg", "SUMMARY.txt"}


@pytest.mark.req("S0-EXP-06")
@pytest.mark.parametrize("name", ["Schöne Schuhe 鞋", 'a "b" c', "plain"])
def test_an_archive_bears_the_name_of_the_order(site: Site, ada: Person, done: Any, name: str) -> None:
    ada.call("PATCH", f"/api/orders/{done[0]}", json={"name": name})
    header = ada.call("GET", f"/api/orders/{done[0]}/archive").headers["Content-Disposition"]
    stem = name.replace('"', "_")
    assert header.startswith("attachment; filename=")
    assert header.isascii()
    assert header.endswith(f"filename*=UTF-8''{quote(stem, safe='')}.zip")


@pytest.mark.req("S0-EXP-07")
def test_downloads_are_written_down(ada: Person, done: Any) -> None:
    order, ids = done
    ada.call("GET", f"/api/orders/{order}/archive")
    ada.call("GET", f"/api/orders/{order}/images/{ids[0]}/file")
    entries = ada.get(f"/api/orders/{order}/log")["data"]
    assert [e["message"] for e in entries if e["type"] == "download"] == [
        "3 files downloaded.",
        "one.jpg: version 1 downloaded.",
    ]


@pytest.mark.req("S0-EXP-03")
def test_one_file_with_its_name_tag_and_ranges(ada: Person, done: Any) -> None:
    path = f"/api/orders/{done[0]}/images/{done[1][0]}/file"
    whole = ada.call("GET", path)
    assert whole.headers["ETag"] == f'"{hashlib.sha256(whole.data).hexdigest()}"'
    assert "filename*=UTF-8''one.jpg" in whole.headers["Content-Disposition"]
    assert (whole.headers["Accept-Ranges"], whole.content_length) == ("bytes", len(whole.data))
    part = ada.call("GET", path, headers={"Range": "bytes=2-5"})
    assert (part.status_code, part.data) == (206, whole.data[2:6])
    assert part.headers["Content-Range"] == f"bytes 2-5/{len(whole.data)}"
    last = ada.call("GET", path, headers={"Range": "bytes=-3"})
    assert (last.status_code, last.data) == (206, whole.data[-3:])
    beyond = ada.call("GET", path, headers={"Range": "bytes=99999-"})
    problem(beyond, 416, "requested_range_not_satisfiable")
    assert beyond.headers["Content-Range"] == f"bytes */{len(whole.data)}"
    known = ada.call("GET", path, headers={"If-None-Match": whole.headers["ETag"]})
    assert (known.status_code, known.data) == (304, b"")


def test_files_that_are_not_there(ada: Person, done: Any) -> None:
    path = f"/api/orders/{done[0]}/images/{done[1][0]}/file"
    for query in ("version=9", "output=banner", "version=1&output=banner"):
        problem(ada.call("GET", f"{path}?{query}"), 404, "not_found")
    problem(ada.call("GET", f"{path}?version=-1"), 422, "invalid_input")
    problem(ada.call("GET", f"/api/orders/{done[0]}/images/unknown/file"), 404, "not_found")


def test_no_file_stays_open(site: Site, ada: Person, done: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[Any] = []
    real = site.studio.blobs.open

    def watch(key: str) -> Any:
        stack = real(key)
        opened.append(stack)
        return stack

    monkeypatch.setattr(type(site.studio.blobs), "open", lambda _, key: watch(key))
    path = f"/api/orders/{done[0]}/images/{done[1][0]}/file"
    for headers in ({}, {"Range": "bytes=0-1"}, {"Range": "bytes=99999-"}, {"If-None-Match": "*"}):
        ada.call("GET", path, headers=headers).close()
    assert len(opened) == 4
    assert all(s.gen.gi_frame is None for s in opened), "each generator behind open() has come to its end"
