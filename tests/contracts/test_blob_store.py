"""One contract for every blob store: memory, files, and S3 as a local server speaks it."""

import datetime as dt
import hashlib
import io
import os
import threading
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from adapters.storage.blobs.disposition import attachment
from adapters.storage.blobs.filesystem import FilesystemBlobStore
from adapters.storage.blobs.memory import MemoryBlobStore
from adapters.storage.blobs.s3 import S3BlobStore
from adapters.storage.blobs.s3_errors import from_response
from core.errors import CredentialsError, I2IError, InvalidInputError, ProviderRejectedError, ProviderUnavailableError
from core.ports.blob_store import BlobNotFoundError, BlobStore, StorageFullError

MINUTE = dt.timedelta(minutes=1)
BAD_KEYS = [
    "",
    "/etc/passwd",
    "a/",
    "a//b",
    ".",
    "..",
    "../a",
    "a/../b",
    "a/./b",
    ".hidden",
    "a/.unfinished/b",
    "a\\b",
    "c:/a",
    "Upper",
    "a b",
    "a\x00b",
    "a\nb",
    "ü",
    "a/" + "b" * 201,
    "/".join(["abc"] * 200),
]

Put = Callable[[str, bytes], None]


@pytest.fixture(scope="module")
def s3_server() -> Iterator[str]:
    """Yield the address of an S3 service on this machine."""
    server_module = pytest.importorskip("moto.server", reason="moto is not installed")
    server = server_module.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def s3_options(s3_server: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Return what boto3 needs to talk to the local service."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "local")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "local")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    return {"endpoint_url": s3_server, "region_name": "us-east-1"}


@pytest.fixture
def bucket(s3_options: dict[str, Any]) -> str:
    """Return the name of an empty bucket of this test's own."""
    import boto3

    name = f"photos-{hashlib.sha256(repr(id(s3_options)).encode()).hexdigest()[:20]}"
    client = boto3.client("s3", **s3_options)
    client.create_bucket(Bucket=name)
    for item in client.list_objects_v2(Bucket=name).get("Contents", []):
        client.delete_object(Bucket=name, Key=item["Key"])
    return name


@pytest.fixture(params=["memory", "files", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> BlobStore:
    """Return an empty store of each kind."""
    if request.param == "memory":
        return MemoryBlobStore()
    if request.param == "files":
        return FilesystemBlobStore(tmp_path / "blobs")
    name, options = request.getfixturevalue("bucket"), request.getfixturevalue("s3_options")
    return S3BlobStore(name, "i2i", options=options)


@pytest.fixture
def put(store: BlobStore, tmp_path: Path) -> Put:
    """Return a function that stores bytes under a key."""

    def put(key: str, content: bytes) -> None:
        source = tmp_path / f"source-{threading.get_ident()}"
        source.write_bytes(content)
        store.put(key, source)
        assert source.read_bytes() == content, "the source stays as it is"

    return put


def read(store: BlobStore, key: str) -> bytes:
    """Return a whole content."""
    with store.open(key) as file:
        return file.read()


@pytest.mark.req("S0-STOR-01")
def test_what_was_put_can_be_read_as_a_stream_and_as_a_file(store: BlobStore, put: Put) -> None:
    content = bytes(range(256)) * 5000
    put("results/ab/c-1_2.jpg", content)
    assert store.exists("results/ab/c-1_2.jpg")
    assert read(store, "results/ab/c-1_2.jpg") == content
    with store.open("results/ab/c-1_2.jpg") as file:
        assert (file.read(3), file.read(3)) == (content[:3], content[3:6])
    with store.local("results/ab/c-1_2.jpg") as path:
        assert path.read_bytes() == content
        assert path.suffix == ".jpg"


def test_a_text_reader_can_wrap_the_stream(store: BlobStore, put: Put) -> None:
    put("list.txt", "größer\nkleiner\n".encode())
    with store.open("list.txt") as file:
        assert list(io.TextIOWrapper(file, encoding="utf-8")) == ["größer\n", "kleiner\n"]


def test_a_downloaded_copy_is_removed_and_a_stored_file_is_not(store: BlobStore, put: Put) -> None:
    put("a", b"1")
    with store.local("a") as path:
        pass
    assert path.exists() == isinstance(store, FilesystemBlobStore)
    assert read(store, "a") == b"1"


def test_an_empty_content_is_a_content(store: BlobStore, put: Put) -> None:
    put("empty", b"")
    assert store.exists("empty")
    assert read(store, "empty") == b""


def test_a_second_put_replaces_the_whole(store: BlobStore, put: Put) -> None:
    put("a/b", b"long first content")
    put("a/b", b"short")
    assert read(store, "a/b") == b"short"
    assert [blob.bytes for blob in store.list("a/")] == [5]


def test_changing_the_source_later_changes_nothing(store: BlobStore, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"before")
    store.put("a", source)
    source.write_bytes(b"after!")
    assert read(store, "a") == b"before"


def test_a_file_may_be_moved_in_from_the_staging_folder(store: BlobStore) -> None:
    with store.staging() as folder:
        assert list(folder.iterdir()) == []
        (folder / "result.jpg").write_bytes(b"rendered")
        (folder / "left-over").write_bytes(b"x")
        store.put("results/1.jpg", folder / "result.jpg", move=True)
        assert (folder / "result.jpg").exists() != isinstance(store, FilesystemBlobStore)
    assert not folder.exists()
    assert read(store, "results/1.jpg") == b"rendered"
    assert [blob.key for blob in store.list("")] == ["results/1.jpg"]


def test_a_failure_inside_the_staging_folder_is_the_callers_own(store: BlobStore) -> None:
    with pytest.raises(FileNotFoundError), store.staging() as folder:
        (folder / "nothing").read_bytes()
    assert not folder.exists()


def test_an_ingested_file_lies_under_its_hash(store: BlobStore, tmp_path: Path) -> None:
    content = bytes(range(256)) * 10_000
    digest = hashlib.sha256(content).hexdigest()
    (tmp_path / "photo").write_bytes(content)
    stored = store.ingest("originals", tmp_path / "photo")
    assert (stored.key, stored.sha256, stored.bytes) == (f"originals/{digest[:2]}/{digest}", digest, len(content))
    assert read(store, stored.key) == content
    assert (tmp_path / "photo").read_bytes() == content
    with pytest.raises(InvalidInputError):
        store.ingest("../originals", tmp_path / "photo")


def test_ingesting_again_refreshes_the_age_so_that_no_sweeper_takes_it(store: BlobStore, tmp_path: Path) -> None:
    (tmp_path / "photo").write_bytes(b"photo")
    first = store.ingest("originals", tmp_path / "photo")
    long_ago = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    if isinstance(store, FilesystemBlobStore):
        os.utime(store.root / first.key, (long_ago.timestamp(),) * 2)
    elif isinstance(store, MemoryBlobStore):
        store._contents[first.key] = b"photo", long_ago
    elif isinstance(store, S3BlobStore):  # its clock ticks in seconds: age the object by forgetting it
        store.delete(first.key)
    assert store.ingest("originals", tmp_path / "photo") == first
    (after,) = store.list("")
    assert after.modified_at > long_ago


def test_what_is_not_there_is_not_found(store: BlobStore) -> None:
    assert not store.exists("a/b")
    with pytest.raises(BlobNotFoundError), store.open("a/b"):
        pass
    with pytest.raises(BlobNotFoundError), store.local("a/b"):
        pass
    assert list(store.list("")) == []


def test_a_folder_of_contents_is_not_a_content(store: BlobStore, put: Put) -> None:
    put("a/b/c", b"1")
    assert not store.exists("a/b")
    with pytest.raises(BlobNotFoundError), store.open("a/b"):
        pass


@pytest.mark.req("S0-STOR-03")
def test_a_deleted_content_is_gone_and_deleting_twice_is_fine(store: BlobStore, put: Put) -> None:
    put("a/b", b"1")
    store.delete("a/b")
    store.delete("a/b")
    store.delete("never/there")
    assert not store.exists("a/b")
    assert list(store.list("")) == []


def test_contents_are_listed_by_the_beginning_of_their_keys(store: BlobStore, put: Put) -> None:
    before = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=2)
    for number, key in enumerate(["u/1/a", "u/1/b.jpg", "u/10/c", "u/2", "v/1", "u-1"]):
        put(key, b"x" * number)

    def keys(prefix: str) -> list[str]:
        return sorted(blob.key for blob in store.list(prefix))

    assert keys("u/1/") == ["u/1/a", "u/1/b.jpg"]
    assert keys("u/1") == ["u/1/a", "u/1/b.jpg", "u/10/c"]
    assert keys("u") == ["u-1", "u/1/a", "u/1/b.jpg", "u/10/c", "u/2"]
    assert keys("u/2") == ["u/2"]
    assert keys("nothing") == []
    assert len(keys("")) == 6
    found = {blob.key: blob for blob in store.list("")}
    assert found["u/10/c"].bytes == 2
    assert all(
        before <= blob.modified_at <= dt.datetime.now(dt.UTC) + dt.timedelta(seconds=2) for blob in found.values()
    )


@pytest.mark.parametrize("key", BAD_KEYS, ids=range(len(BAD_KEYS)))
def test_a_key_outside_the_alphabet_is_refused_by_every_method(store: BlobStore, put: Put, key: str) -> None:
    def enter(context: Any) -> None:
        with context:
            pass

    calls: list[Callable[[], Any]] = [
        lambda: put(key, b"x"),
        lambda: enter(store.open(key)),
        lambda: enter(store.local(key)),
        lambda: store.exists(key),
        lambda: store.delete(key),
    ]
    for call in calls:
        with pytest.raises(InvalidInputError) as caught:
            call()
        assert caught.value.code == "invalid_key"


@pytest.mark.parametrize("prefix", ["../", "/", "a/../", ".unfinished/"])
def test_a_prefix_that_leads_elsewhere_is_refused_at_once(store: BlobStore, prefix: str) -> None:
    with pytest.raises(InvalidInputError):
        store.list(prefix)


def test_readers_beside_writers_of_one_key_see_one_whole_content(store: BlobStore, tmp_path: Path) -> None:
    contents = [bytes([number]) * 300_000 for number in range(8)]
    sources = [tmp_path / f"source{number}" for number in range(8)]
    for source, content in zip(sources, contents, strict=True):
        source.write_bytes(content)
    store.put("one/key", sources[0])
    start = threading.Barrier(8)

    def work(number: int) -> list[bytes]:
        start.wait()
        seen = []
        for _ in range(5):
            store.put("one/key", sources[number])
            seen.append(read(store, "one/key"))
        return seen

    with ThreadPoolExecutor(8) as pool:
        seen = [content for batch in pool.map(work, range(8)) for content in batch]
    assert len(seen) == 40
    assert all(content in contents for content in seen)
    assert [blob.key for blob in store.list("")] == ["one/key"]


def test_addresses_are_given_only_where_they_work(store: BlobStore, put: Put) -> None:
    put("a/b.jpg", b"content")
    address = store.presign_get("a/b.jpg", name="Größe & 1.jpg", expires=MINUTE)
    form = store.presign_post("a/c", content_type="image/jpeg", max_bytes=10, expires=MINUTE)
    assert (address is None) == (form is None) == (not isinstance(store, S3BlobStore))


# What only S3 can do.


@pytest.fixture
def s3(bucket: str, s3_options: dict[str, Any]) -> S3BlobStore:
    return S3BlobStore(bucket, "i2i/", options=s3_options)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "source"
    path.write_bytes(b"content")
    return path


@pytest.mark.req("S0-STOR-02")
def test_a_signed_address_downloads_as_an_attachment_of_that_name(s3: S3BlobStore, source: Path) -> None:
    s3.put("a/b.jpg", source)
    address = s3.presign_get("a/b.jpg", name="Größe & 1.jpg", expires=dt.timedelta(days=7))
    assert address
    query = urllib.parse.parse_qs(urllib.parse.urlsplit(address).query)
    assert query["X-Amz-Expires"] == ["604800"]
    with urllib.request.urlopen(address) as answer:
        assert answer.read() == b"content"
        disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment; ")
    assert disposition.endswith("filename*=UTF-8''Gr%C3%B6%C3%9Fe%20%26%201.jpg")


def test_a_form_uploads_one_object_of_one_type(s3: S3BlobStore, source: Path) -> None:
    import base64
    import json

    form = s3.presign_post("uploads/new", content_type="image/jpeg", max_bytes=10, expires=MINUTE)
    assert form
    policy = json.loads(base64.b64decode(form.fields["policy"]))["conditions"]
    assert {"key": "i2i/uploads/new"} in policy
    assert {"Content-Type": "image/jpeg"} in policy
    assert ["content-length-range", 1, 10] in policy
    assert {"bucket": s3.bucket} in policy
    assert not any(isinstance(rule, list) and rule[0] == "starts-with" for rule in policy)
    assert form.expires_at <= dt.datetime.now(dt.UTC) + dt.timedelta(minutes=5)
    post(form.url, form.fields, b"picture")
    assert read(s3, "uploads/new") == b"picture"


def post(url: str, fields: dict[str, str], content: bytes) -> None:
    """Send a form as a browser does."""
    parts = [
        f'--edge\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields.items()
    ]
    head = '--edge\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\n'
    body = "".join([*parts, head]).encode() + content + b"\r\n--edge--\r\n"
    request = urllib.request.Request(url, body, {"Content-Type": "multipart/form-data; boundary=edge"})
    with urllib.request.urlopen(request) as answer:
        assert answer.status in {200, 201, 204}


@pytest.mark.parametrize("expires", [dt.timedelta(0), dt.timedelta(minutes=5, seconds=1)])
def test_a_form_is_valid_for_five_minutes_at_most(s3: S3BlobStore, expires: dt.timedelta) -> None:
    with pytest.raises(InvalidInputError) as caught:
        s3.presign_post("a", content_type="image/jpeg", max_bytes=10, expires=expires)
    assert caught.value.code == "invalid_expiry"


def test_stores_with_different_prefixes_do_not_see_each_other(
    bucket: str, s3_options: dict[str, Any], source: Path
) -> None:
    first, second = (S3BlobStore(bucket, prefix, options=s3_options) for prefix in ("one", "two"))
    first.put("a", source)
    assert not second.exists("a")
    assert list(second.list("")) == []


def test_long_lists_come_page_by_page(s3: S3BlobStore, source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    client, pages = s3._client(), []
    original = client.list_objects_v2

    def small_pages(**parameters: Any) -> Any:
        pages.append(parameters)
        return original(**parameters, MaxKeys=2)

    monkeypatch.setattr(client, "list_objects_v2", small_pages)
    for number in range(5):
        s3.put(f"p/{number}", source)
    assert [blob.key for blob in s3.list("p/")] == [f"p/{number}" for number in range(5)]
    assert len(pages) == 3


def test_a_large_file_goes_up_in_parts(s3: S3BlobStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.storage.blobs.s3.PART_BYTES", 5 << 20)
    content = hashlib.shake_256(b"seed").digest(11 << 20)
    (tmp_path / "large").write_bytes(content)
    s3.put("large", tmp_path / "large")
    assert read(s3, "large") == content


def test_a_server_that_is_away_is_worth_another_try(source: Path, s3_options: dict[str, Any]) -> None:
    store = S3BlobStore("photos", options={**s3_options, "endpoint_url": "http://127.0.0.1:9"})
    with pytest.raises(ProviderUnavailableError, match="cannot be reached"):
        store.put("a", source)


def test_missing_keys_and_buckets_are_told_apart(
    source: Path, s3_options: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ProviderRejectedError, match="NoSuchBucket"):
        S3BlobStore("no-such-bucket", options=s3_options).put("a", source)
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent")
    with pytest.raises(CredentialsError):
        S3BlobStore("photos", options=s3_options).put("a", source)


@pytest.mark.parametrize(
    ("code", "status", "error"),
    [
        ("NoSuchKey", 404, BlobNotFoundError),
        ("404", 404, BlobNotFoundError),
        ("NoSuchBucket", 404, ProviderRejectedError),
        ("XMinioStorageFull", 507, StorageFullError),
        ("QuotaExceeded", 403, StorageFullError),
        ("AccessDenied", 403, CredentialsError),
        ("403", 403, CredentialsError),
        ("SignatureDoesNotMatch", 403, CredentialsError),
        ("SlowDown", 503, ProviderUnavailableError),
        ("InternalError", 500, ProviderUnavailableError),
        ("", 0, ProviderUnavailableError),
        ("EntityTooLarge", 400, ProviderRejectedError),
    ],
)
def test_answers_of_the_service_have_a_meaning(code: str, status: int, error: type[I2IError]) -> None:
    answer = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
    assert type(from_response(answer, "a")) is error


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("plain.jpg", "attachment; filename=\"plain.jpg\"; filename*=UTF-8''plain.jpg"),
        (
            'a"b\r\nSet-Cookie: x.jpg',
            "attachment; filename=\"a_bSet-Cookie: x.jpg\"; filename*=UTF-8''a%22bSet-Cookie%3A%20x.jpg",
        ),
        ("../../etc/passwd", "attachment; filename=\"_.._etc_passwd\"; filename*=UTF-8''_.._etc_passwd"),
        ("\u202egpj.exe", "attachment; filename=\"gpj.exe\"; filename*=UTF-8''gpj.exe"),
        ("靴.jpg", "attachment; filename=\".jpg\"; filename*=UTF-8''%E9%9D%B4.jpg"),
        ("", "attachment; filename=\"file\"; filename*=UTF-8''file"),
    ],
)
def test_the_name_of_a_download_cannot_break_out_of_its_header(name: str, header: str) -> None:
    assert attachment(name) == header
