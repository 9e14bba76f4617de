"""The home folder: where it is, who may read it, and the key that it keeps."""

import hashlib
import hmac
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

import platformdirs

from core.errors import CredentialsError, InvalidInputError, ProviderUnavailableError

VARIABLE = "I2I_HOME"
KEY_FILE = "secret.key"
KEY_BYTES = 32


def home_folder(environ: Mapping[str, str]) -> Path:
    """Return the home folder: ``I2I_HOME``, or the usual place for a user's data on this system.

    Raises:
        InvalidInputError: ``I2I_HOME`` is not an absolute path.
    """
    named = environ.get(VARIABLE, "").strip()
    if not named:
        return Path(platformdirs.user_data_dir("i2i", appauthor=False))
    path = Path(os.path.expanduser(named))  # noqa: PTH111 - Path.expanduser raises for an unknown user
    if not path.is_absolute():
        raise InvalidInputError(f"{VARIABLE}: {named!r} is not the absolute path of a folder.", code="invalid_setting")
    return path


def prepare_home(home: Path) -> None:
    """Create the home folder so that only its owner can enter; a folder that is there is left as it is.

    Raises:
        ProviderUnavailableError: it cannot be created or written.
    """
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ProviderUnavailableError(f"The folder {home} cannot be created: {error.strerror}.") from error
    if not os.access(home, os.W_OK | os.X_OK):
        raise ProviderUnavailableError(f"The folder {home} cannot be written.")


def load_secret_key(home: Path) -> bytes:
    """Return the installation's 32-byte secret, made on first use; all processes get the same one.

    Raises:
        CredentialsError: the key file is damaged, or others may read it.
        ProviderUnavailableError: it cannot be read or written.
    """
    path = home / KEY_FILE
    try:
        if not path.exists():
            _create_key(path)
        return _read_key(path)
    except OSError as error:
        raise ProviderUnavailableError(f"The key file {path} cannot be used: {error.strerror}.") from error


def derive_key(key: bytes, purpose: str) -> bytes:
    """Return 32 bytes for one purpose: what signs cookies tells nothing about what signs links."""
    return hmac.digest(key, purpose.encode(), hashlib.sha256)


def _create_key(path: Path) -> None:
    """Write a key under another name and link it: of several processes the first wins, and nobody sees half a key."""
    draft = path.with_name(f".{KEY_FILE}.{secrets.token_hex(8)}")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(KEY_BYTES) + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            path.hardlink_to(draft)
        except FileExistsError:
            return
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    finally:
        draft.unlink(missing_ok=True)


def _read_key(path: Path) -> bytes:
    if path.stat().st_mode & 0o077:
        raise CredentialsError(f"Others may read the key file {path}; make it private with chmod 600 {path}.")
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii"))
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise CredentialsError(f"The key file {path} is damaged; restore it from a backup.")
    return key
