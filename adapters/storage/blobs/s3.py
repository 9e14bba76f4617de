"""Keeps contents in an S3 bucket, or in a service that speaks the same language."""

import datetime as dt
import hashlib
import io
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from adapters.storage.blobs.disposition import attachment
from adapters.storage.blobs.keys import check_key, check_prefix, content_key
from adapters.storage.blobs.s3_errors import translated
from core.errors import InvalidInputError
from core.ports.blob_store import Blob, BlobNotFoundError, PresignedPost, StoredContent

LONGEST_GET = dt.timedelta(days=7)  # the limit of signature version 4
LONGEST_POST = dt.timedelta(minutes=5)
PART_BYTES = 64 << 20


class S3BlobStore:
    """A blob store in a bucket; thread-safe, connects on first use.

    An object appears whole or not at all, and a checksum goes with each upload. Access keys come from where boto3
    looks for them (environment, profile, role of the machine).

    Args:
        bucket: an existing, private bucket.
        prefix: beginning of all keys in the bucket, e.g. ``i2i/``; a ``/`` at its end is added.
        options: keyword arguments of ``boto3.client``: ``endpoint_url``, ``region_name`` …
    """

    def __init__(self, bucket: str, prefix: str = "", *, options: Mapping[str, Any] | None = None) -> None:
        self.bucket = bucket
        self.prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        self._options = dict(options or {})
        self._lock = threading.Lock()
        self._made: Any = None

    def put(self, key: str, source: Path, *, move: bool = False) -> None:
        """Upload a local file, which stays.

        Raises:
            StorageFullError: the service has no room.
            ProviderError: the service cannot be reached, or refuses.
        """
        name = self._name(key)
        with translated():
            from boto3.s3.transfer import TransferConfig

            self._client().upload_file(
                str(source),
                self.bucket,
                name,
                ExtraArgs={"ChecksumAlgorithm": "SHA256"},
                Config=TransferConfig(
                    multipart_threshold=PART_BYTES, multipart_chunksize=PART_BYTES, max_concurrency=4
                ),
            )

    def ingest(self, prefix: str, source: Path) -> StoredContent:
        """Upload a local file under ``<prefix>/<aa>/<sha256>``; it is read twice, as its hash is part of the key.

        Raises:
            StorageFullError: the service has no room.
            ProviderError: the service cannot be reached, or refuses.
        """
        check_key(prefix)
        with source.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            size = file.tell()
        key = content_key(prefix, sha256)
        self.put(key, source)
        return StoredContent(key=key, sha256=sha256, bytes=size)

    @contextmanager
    def staging(self) -> Iterator[Path]:
        """Offer a private empty folder; removed afterwards."""
        with tempfile.TemporaryDirectory(prefix="i2i-") as folder:
            yield Path(folder)

    @contextmanager
    def open(self, key: str) -> Iterator[BinaryIO]:
        """Stream a content; the stream cannot be rewound.

        Raises:
            BlobNotFoundError: there is none.
        """
        name = self._name(key)
        with translated(key):
            body = self._client().get_object(Bucket=self.bucket, Key=name, ChecksumMode="ENABLED")["Body"]
        with io.BufferedReader(_Body(body), 1 << 20) as file:
            yield file

    @contextmanager
    def local(self, key: str) -> Iterator[Path]:
        """Download a content into a temporary file, which is removed afterwards.

        Raises:
            BlobNotFoundError: there is none.
            StorageFullError: there is no room for the temporary file.
        """
        name = self._name(key)
        with tempfile.TemporaryDirectory(prefix="i2i-") as folder:
            path = Path(folder) / key.rpartition("/")[2]
            with translated(key):
                self._client().download_file(self.bucket, name, str(path))
            yield path

    def exists(self, key: str) -> bool:
        """Whether there is a content."""
        name = self._name(key)
        try:
            with translated(key):
                self._client().head_object(Bucket=self.bucket, Key=name)
        except BlobNotFoundError:
            return False
        return True

    def delete(self, key: str) -> None:
        """Remove a content; removing what is not there is fine."""
        name = self._name(key)
        with translated():
            self._client().delete_object(Bucket=self.bucket, Key=name)

    def list(self, prefix: str) -> Iterator[Blob]:
        """Walk over all contents whose key starts with a prefix, page by page."""
        return self._walk(self.prefix + check_prefix(prefix))

    def presign_get(self, key: str, *, name: str, expires: dt.timedelta) -> str | None:
        """Return an address for downloading as an attachment of that name, for at most seven days.

        Raises:
            InvalidInputError: code ``invalid_expiry``.
        """
        parameters = {
            "Bucket": self.bucket,
            "Key": self._name(key),
            "ResponseContentDisposition": attachment(name),
            "ResponseContentType": "application/octet-stream",
        }
        seconds = _seconds(expires, LONGEST_GET)
        with translated(key):
            return str(self._client().generate_presigned_url("get_object", Params=parameters, ExpiresIn=seconds))

    def presign_post(
        self, key: str, *, content_type: str, max_bytes: int, expires: dt.timedelta
    ) -> PresignedPost | None:
        """Return a form for one upload under exactly this key, of this type, of 1 to ``max_bytes`` bytes.

        The service checks the form, but whoever holds it may upload again until it expires, and not every compatible
        service keeps to the size: look at the object again, and copy it, before using it.

        Raises:
            InvalidInputError: code ``invalid_expiry``: not one second to five minutes.
        """
        name, seconds = self._name(key), _seconds(expires, LONGEST_POST)
        expires_at = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=seconds)
        with translated(key):
            form = self._client().generate_presigned_post(
                self.bucket,
                # boto3 would sign a key with ${filename} as a beginning only; ours has no such character.
                name,
                Fields={"Content-Type": content_type},
                Conditions=[{"Content-Type": content_type}, ["content-length-range", 1, max_bytes]],
                ExpiresIn=seconds,
            )
        return PresignedPost(url=form["url"], fields=form["fields"], key=key, expires_at=expires_at)

    def _name(self, key: str) -> str:
        return self.prefix + check_key(key)

    def _walk(self, prefix: str) -> Iterator[Blob]:
        token: dict[str, str] = {}
        while True:
            with translated():
                page = self._client().list_objects_v2(Bucket=self.bucket, Prefix=prefix, **token)
            for item in page.get("Contents", []):
                key = item["Key"].removeprefix(self.prefix)
                yield Blob(key=key, bytes=item["Size"], modified_at=item["LastModified"])
            if not page.get("IsTruncated"):
                return
            token = {"ContinuationToken": page["NextContinuationToken"]}

    def _client(self) -> Any:
        with self._lock:
            if self._made is None:
                import boto3
                from botocore.config import Config

                config = Config(
                    signature_version="s3v4",
                    connect_timeout=5,
                    read_timeout=60,
                    retries={"mode": "standard", "max_attempts": 3},
                    max_pool_connections=32,
                )
                # A session of one's own: making clients from the default session is not thread-safe.
                self._made = boto3.session.Session().client("s3", **{"config": config, **self._options})
            return self._made


class _Body(io.RawIOBase):
    """A response as a plain binary stream that raises the port's errors."""

    def __init__(self, body: Any) -> None:
        self._body = body

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        with translated():
            data = self._body.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._body.close()
        super().close()


def _seconds(expires: dt.timedelta, longest: dt.timedelta) -> int:
    if not dt.timedelta(seconds=1) <= expires <= longest:
        raise InvalidInputError(
            f"An address is valid for one second to {longest.total_seconds():.0f} seconds.", code="invalid_expiry"
        )
    return int(expires.total_seconds())
