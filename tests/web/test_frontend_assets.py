"""Built files: found through the manifest, compressed, kept by browsers for good, and nothing else of the folder."""

import gzip
import json
import os
from pathlib import Path

import pytest

from adapters.web import frontend_assets
from tests.web.site import Site, make_site

# Without a time in its header, so that it is the same in every process.
GZIPPED = gzip.compress(b"plain()", mtime=0)


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    folder = tmp_path / "dist"
    (folder / "assets").mkdir(parents=True)
    (folder / "manifest.json").write_text(json.dumps({"src/app.js": {"file": "assets/app-1.js"}}))
    (folder / "assets" / "app-1.js").write_text("plain()")
    (folder / "assets" / "app-1.js.gz").write_bytes(GZIPPED)
    (folder / "assets" / "app-1.js.br").write_bytes(b"brotli")
    (folder / "assets" / "font.woff2").write_bytes(b"font")
    (tmp_path / "secret.txt").write_text("secret")
    return folder


@pytest.fixture
def built(dist: Path, tmp_path: Path) -> Site:
    return make_site(tmp_path / "site", static_dist=dist)


@pytest.mark.parametrize(
    ("accepted", "encoding", "body"),
    [
        ("br, gzip", "br", b"brotli"),
        ("gzip", "gzip", GZIPPED),
        ("", None, b"plain()"),
        ("br;q=0", None, b"plain()"),
    ],
    ids=["brotli before gzip", "gzip", "nothing asked", "brotli refused"],
)
def test_the_smallest_accepted_form_is_sent(built: Site, accepted: str, encoding: str | None, body: bytes) -> None:
    answer = built.client.get("/static/dist/assets/app-1.js", headers={"Accept-Encoding": accepted})
    assert answer.status_code == 200
    assert answer.headers.get("Content-Encoding") == encoding
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.cache_control.immutable
    assert answer.cache_control.max_age == 31_536_000
    assert answer.data == body


def test_a_file_without_a_compressed_form_is_sent_as_it_is(built: Site) -> None:
    answer = built.client.get("/static/dist/assets/font.woff2", headers={"Accept-Encoding": "br"})
    assert (answer.data, answer.headers.get("Content-Encoding")) == (b"font", None)


@pytest.mark.parametrize("path", ["../secret.txt", "assets/../../secret.txt", "%2e%2e/secret.txt", "assets/nothing.js"])
def test_nothing_outside_the_folder_is_sent(built: Site, path: str) -> None:
    assert built.client.get(f"/static/dist/{path}").status_code == 404


def test_a_new_build_is_seen_without_a_restart(built: Site, dist: Path) -> None:
    with built.app.app_context():
        assert frontend_assets.asset_url("src/app.js") == "/static/dist/assets/app-1.js"
        manifest = dist / "manifest.json"
        before = manifest.stat().st_mtime_ns
        manifest.write_text(json.dumps({"src/app.js": {"file": "assets/app-22.js"}}))
        os.utime(manifest, ns=(before + 1_000_000, before + 1_000_000))
        assert frontend_assets.asset_url("src/app.js") == "/static/dist/assets/app-22.js"


def test_a_missing_build_says_what_to_do(built: Site, dist: Path) -> None:
    (dist / "manifest.json").unlink()
    with built.app.app_context(), pytest.raises(frontend_assets.AssetsMissingError, match="make build"):
        frontend_assets.asset_url("src/app.js")
