"""Turns the errors of boto3 into those of the port."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from core.errors import CredentialsError, ProviderError, ProviderRejectedError, ProviderUnavailableError
from core.ports.blob_store import BlobNotFoundError, StorageFullError

MISSING = {"NoSuchKey", "NotFound", "404"}
FULL = {"XMinioStorageFull", "QuotaExceeded", "InsufficientStorage", "507"}
CREDENTIALS = {
    "403",
    "AccessDenied",
    "ExpiredToken",
    "InvalidAccessKeyId",
    "InvalidToken",
    "SignatureDoesNotMatch",
}
BUSY = {"SlowDown", "Throttling", "RequestTimeout", "RequestTimeTooSkewed", "429"}


@contextmanager
def translated(key: str = "") -> Iterator[None]:
    """Raise the port's errors for those of boto3 inside the block.

    Args:
        key: the content that is read; without one a missing object is an ordinary refusal.
    """
    try:
        import boto3.exceptions
        import botocore.exceptions as botocore
    except ImportError as error:
        raise ProviderUnavailableError("S3 needs the extra i2i[s3], which is not installed.") from error
    try:
        yield
    except boto3.exceptions.S3UploadFailedError as error:
        raise _from_cause(error.__context__) from error
    except botocore.ClientError as error:
        raise from_response(error.response, key) from error
    except (botocore.NoCredentialsError, botocore.PartialCredentialsError, botocore.TokenRetrievalError) as error:
        raise CredentialsError(f"There are no usable access keys for S3: {error}") from error
    except (botocore.BotoCoreError, boto3.exceptions.Boto3Error) as error:
        raise ProviderUnavailableError(f"S3 cannot be reached: {error}") from error
    except OSError as error:  # of the local file that is read or written
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise StorageFullError("There is no room left for a temporary file.") from error
        raise


def _from_cause(cause: BaseException | None) -> Exception:
    """Return the error for what boto3's uploader wrapped."""
    response = getattr(cause, "response", None)
    return from_response(response) if response else ProviderUnavailableError(f"The upload to S3 failed: {cause}")


def from_response(response: dict[str, Any], key: str = "") -> ProviderError | BlobNotFoundError | StorageFullError:
    """Return the error for an answer of the service."""
    code = str(response.get("Error", {}).get("Code", ""))
    status = int(response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    names = {code, str(status)} if code.isdigit() or not code else {code}
    details = {"s3_code": code, "status": status}
    if key and names & MISSING:
        return BlobNotFoundError(f"There is no stored file {key}.")
    if names & FULL or status == 507:
        return StorageFullError("The S3 service has no room left.", details=details)
    if names & CREDENTIALS:
        return CredentialsError("The S3 service does not accept the access keys for this bucket.", details=details)
    if names & BUSY or status >= 500 or not status:
        return ProviderUnavailableError("The S3 service cannot answer now.", details=details)
    return ProviderRejectedError(f"The S3 service refuses: {code or status}.", details=details)
