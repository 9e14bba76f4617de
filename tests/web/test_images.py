"""Uploads and pictures over HTTP."""

import io
import tempfile
from pathlib import Path

import pytest

from adapters.web import requests
from core.domain.images import ImageStatus
from tests.fakes import picture
from tests.support.documents import docx_file, pdf_text
from tests.web.site import Person, Site, good, make_site, pictures, problem


@pytest.fixture
def draft(ada: Person) -> str:
    """Return the address of a draft order."""
    return f"/api/orders/{ada.post('/api/orders', {})['data']['id']}"


def test_many_files_in_one_request(ada: Person, draft: str) -> None:
    added = good(ada.upload(f"{draft}/images", pictures(5)))["data"]
    assert ([i["position"] for i in added["images"]], added["refused"]) == ([1, 2, 3, 4, 5], [])


@pytest.mark.req("S0-UPL-07")
def test_the_hundred_and_first_file_is_refused_by_name(ada: Person, draft: str) -> None:
    answer = ada.upload(f"{draft}/images", pictures(101))
    assert answer.status_code == 201
    added = answer.get_json()["data"]
    assert len(added["images"]) == 100
    assert [(r["name"], r["code"]) for r in added["refused"]] == [("p100.jpg", "too_many_images")]
    problem(ada.upload(f"{draft}/images", pictures(201)), 413, "too_large")


@pytest.mark.req("S0-UPL-08")
def test_what_cannot_be_used_is_refused_by_name_and_the_rest_is_taken(
    ada: Person, draft: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {
        "notes.pdf": b"%PDF-1.7", "page.html": b"<script>", "empty.jpg": b"", "broken.jpg": picture("broken"),
        "fine.jpg": picture("fine"), "same.jpg": picture("fine"),
    }  # fmt: skip
    added = good(ada.upload(f"{draft}/images", files))["data"]
    assert [i["originalName"] for i in added["images"]] == ["fine.jpg"]
    refused = {r["name"]: r["code"] for r in added["refused"]}
    assert refused == {
        "notes.pdf": "unsupported_type", "page.html": "unsupported_type", "empty.jpg": "empty_file",
        "broken.jpg": "damaged", "same.jpg": "duplicate",
    }  # fmt: skip
    assert all(r["message"].startswith(r["name"]) for r in added["refused"])


@pytest.mark.req("S0-UPL-06")
def test_a_file_over_50_mb_is_refused_by_name_and_not_kept(ada: Person, draft: str) -> None:
    large = picture("x" * 50_000_001)
    added = good(ada.upload(f"{draft}/images", {"large.jpg": large, "small.jpg": picture("s")}))["data"]
    assert [i["originalName"] for i in added["images"]] == ["small.jpg"]
    assert [(r["name"], r["code"]) for r in added["refused"]] == [("large.jpg", "file_too_large")]
    assert added["refused"][0]["details"]["bytes"] == len(large)


def test_a_capped_file_counts_everything_and_keeps_its_limit(tmp_path: Path) -> None:
    file = requests.CappedFile(tmp_path / "f", limit=10)
    for _ in range(5):
        file.write(b"abc")
    file.seek(0)
    assert (file.size, (tmp_path / "f").read_bytes(), file.read()) == (15, b"abcabcabca", b"abcabcabca")


def test_a_request_over_the_limit_of_this_installation(tmp_path: Path) -> None:
    site = make_site(tmp_path, max_upload_bytes=10_000)
    ada = site.person()
    path = f"/api/orders/{ada.post('/api/orders', {})['data']['id']}/images"
    answer = ada.upload(path, {"a.jpg": picture("x" * 20_000)})
    assert problem(answer, 413, "too_large")["details"] == {"max_bytes": 10_000}


def test_no_file_and_no_form(ada: Person, draft: str) -> None:
    problem(ada.upload(f"{draft}/images", {}), 422, "no_file")
    problem(ada.call("POST", f"{draft}/images", json={}), 422, "no_file")
    broken = ada.call(
        "POST", f"{draft}/images", data=b"--x\r\nnonsense", content_type="multipart/form-data; boundary=x"
    )
    problem(broken, 422, "no_file")


@pytest.mark.parametrize("name", ["../../etc/passwd.jpg", "C:/temp/passwd.jpg", "/abs/passwd.jpg"])
def test_folders_in_a_name_are_dropped(site: Site, ada: Person, draft: str, name: str) -> None:
    added = good(ada.upload(f"{draft}/images", {name: picture(name)}))["data"]
    assert added["images"][0]["originalName"] == "passwd.jpg"
    assert all("passwd" not in key for key in site.studio.contents(""))


def test_uploaded_files_are_on_disk_and_gone_afterwards(
    site: Site, ada: Person, draft: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "t"))
    (tmp_path / "t").mkdir()
    seen: list[list[str]] = []
    probe = site.studio.engine.probe

    def watch(path: Path) -> object:
        seen.append(sorted(p.name for p in path.parent.iterdir()))
        return probe(path)

    monkeypatch.setattr(type(site.studio.engine), "probe", lambda _, path: watch(path))
    good(ada.upload(f"{draft}/images", pictures(2)))
    problem(ada.upload(f"{draft}/images", {"a.jpg": b"x"}, field="other"), 422, "no_file")
    assert seen == [["0001", "0002"]] * 2
    assert list((tmp_path / "t").iterdir()) == []


def test_pictures_are_arranged_and_taken_out(site: Site, ada: Person, draft: str) -> None:
    images = good(ada.upload(f"{draft}/images", pictures(4)))["data"]["images"]
    ids = [i["id"] for i in images]
    turned = good(ada.call("PUT", f"{draft}/images/order", json={"imageIds": ids[::-1]}))["data"]
    assert [i["id"] for i in turned] == ids[::-1]
    problem(ada.call("PUT", f"{draft}/images/order", json={"imageIds": ids[:1]}), 422, "incomplete_list")
    chosen = good(ada.call("PUT", f"{draft}/images/selection", json={"imageIds": ids[:1]}))["data"]
    assert [i["status"] for i in chosen if i["id"] == ids[0]] == [ImageStatus.READY]
    assert sum(i["status"] == "excluded" for i in chosen) == 3
    assert ada.post(f"{draft}/images/delete", {"imageIds": ids[1:3]})["data"]["imageCount"] == 2
    assert good(ada.call("DELETE", f"{draft}/images/{ids[0]}"))["data"]["imageCount"] == 1
    problem(ada.call("DELETE", f"{draft}/images/{ids[0]}"), 404, "not_found")


def test_a_confirmed_order_takes_no_more_pictures(site: Site, ada: Person) -> None:
    started = site.studio.confirmed(ada.actor)
    path = f"/api/orders/{started.order.id}/images"
    problem(ada.upload(path, pictures(1, start=500)), 409, "order_locked")


@pytest.mark.req("S0-BRIEF-01", "S0-BRIEF-02", "S0-BRIEF-04", "S0-BRIEF-05", "S0-LOG-04")
def test_a_document_is_read_and_written_down(site: Site, ada: Person, draft: str) -> None:
    wishes = pdf_text("White background.", "")
    answer = good(ada.upload(f"{draft}/brief", {"wishes.pdf": wishes}, field="brief"))["data"]
    assert {name: answer[name] for name in ("name", "text", "format", "pages", "notes")} == {
        "name": "wishes.pdf", "text": "White background.", "format": "pdf", "pages": 2,
        "notes": ["Page 2 is a scan or a picture: its words cannot be read."],
    }  # fmt: skip
    assert answer["order"]["briefName"] == "wishes.pdf"
    good(ada.upload(f"{draft}/brief", {"again.docx": docx_file("Grey background.")}, field="brief"))
    order = site.studio.order(draft.rpartition("/")[2])
    assert (order.brief_name, order.brief_text) == ("again.docx", "Grey background.")
    log = [e for e in ada.get(f"{draft}/log")["data"] if "Brief" in e["message"]]
    assert sorted(e["message"] for e in log) == ["Brief attached: again.docx.", "Brief attached: wishes.pdf, 2 pages."]


@pytest.mark.req("S0-BRIEF-03")
def test_a_document_of_ten_megabytes_is_read(ada: Person, draft: str) -> None:
    answer = good(ada.upload(f"{draft}/brief", {"long.txt": b"white " * 1_666_666}, field="brief"))["data"]
    assert (len(answer["text"]), len(answer["notes"])) == (200_000, 1)


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_a_brief_is_read_from_a_text(site: Site, ada: Person, draft: str, method: str) -> None:
    data = {"brief": (io.BytesIO("\ufeffÜberall weiß.".encode()), "Wünsche.MD")}
    good(ada.call(method, f"{draft}/brief", data=data, content_type="multipart/form-data"))
    order = site.studio.order(draft.rpartition("/")[2])
    assert (order.brief_name, order.brief_text) == ("Wünsche.MD", "Überall weiß.")


@pytest.mark.parametrize(
    ("name", "content", "status", "code"),
    [
        ("brief.pdf", b"%PDF-1.7", 422, "damaged_document"),
        ("brief.docx", b"PK\x03\x04", 422, "damaged_document"),
        ("brief.txt", b"\xff\xd8\xff\xe0", 415, "unsupported_type"),
        ("brief.txt", b"a\x00b", 415, "unsupported_type"),
        ("brief.txt", b"  \n", 422, "empty_brief"),
        ("brief.txt", b"x" * 10_000_001, 413, "file_too_large"),
        ("brief.pdf", pdf_text(*["a"] * 51), 413, "too_many_pages"),
    ],
)
def test_other_briefs_are_refused_with_the_reason(
    ada: Person, draft: str, name: str, content: bytes, status: int, code: str
) -> None:
    found = problem(ada.upload(f"{draft}/brief", {name: content}, field="brief"), status, code)
    assert status != 415 or found["details"]["accepted"] == ["PDF", "DOC", "DOCX", "TXT"]


def test_two_briefs_at_once(ada: Person, draft: str) -> None:
    answer = ada.upload(f"{draft}/brief", {"a.txt": b"a", "b.txt": b"b"}, field="brief")
    problem(answer, 422, "too_many_files")


def test_a_logo_is_added_and_removed(ada: Person) -> None:
    added = good(ada.upload("/api/assets", {"logo.png": picture("logo", "png")}, field="file"))
    assert added["assetId"] == added["data"]["id"]
    assert (added["data"]["format"], added["data"]["originalName"]) == ("png", "logo.png")
    good(ada.call("DELETE", f"/api/assets/{added['assetId']}"))
    problem(ada.call("DELETE", f"/api/assets/{added['assetId']}"), 404, "not_found")
    problem(ada.upload("/api/assets", {"logo.gif": picture("logo", "gif")}, field="file"), 415, "unsupported_type")
    problem(
        ada.upload("/api/assets", {"logo.png": picture("x" * 5_000_001, "png")}, field="file"), 413, "file_too_large"
    )


def test_tags_are_set_and_changed(ada: Person, draft: str) -> None:
    ids = [i["id"] for i in good(ada.upload(f"{draft}/images", pictures(3)))["data"]["images"]]
    one = good(ada.call("PUT", f"{draft}/images/{ids[0]}/tags", json={"tags": ["Shoes", "red"]}))["data"]
    assert [(i["id"], i["tags"]) for i in one] == [(ids[0], ["red", "shoe"])]
    several = good(ada.call("POST", f"{draft}/images/tags", json={"imageIds": ids, "add": ["bag"], "remove": ["red"]}))
    assert [i["tags"] for i in several["data"]] == [["bag", "shoe"], ["bag"], ["bag"]]
    problem(ada.call("PUT", f"{draft}/images/{ids[0]}/tags", json={"tags": ["spaceship"]}), 422, "unknown_tag")
    assert [i["tags"] for i in ada.get(draft)["data"]["images"]] == [["bag", "shoe"], ["bag"], ["bag"]]
