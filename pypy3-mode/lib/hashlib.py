"""Digests by name, and keys from passwords. The algorithms are native."""

import _blake2
import _md5
import _sha1
import _sha2
import _sha3
from _kdf import pbkdf2_hmac, scrypt

_made_by = {
    "md5": _md5.md5, "sha1": _sha1.sha1, "sha224": _sha2.sha224, "sha256": _sha2.sha256, "sha384": _sha2.sha384, "sha512": _sha2.sha512,
    "blake2b": _blake2.blake2b, "blake2s": _blake2.blake2s, "sha3_224": _sha3.sha3_224, "sha3_256": _sha3.sha3_256, "sha3_384": _sha3.sha3_384,
    "sha3_512": _sha3.sha3_512, "shake_128": _sha3.shake_128, "shake_256": _sha3.shake_256,
}
globals().update(_made_by)
_made_by |= {name.upper(): _made_by[name] for name in ("md5", "sha1", "sha224", "sha256", "sha384", "sha512")}

algorithms_guaranteed = {name for name in _made_by if name.islower()}
algorithms_available = set(algorithms_guaranteed)
__all__ = (*(name for name in _made_by if name.islower()), "new", "algorithms_guaranteed", "algorithms_available", "file_digest", "pbkdf2_hmac", "scrypt")


def new(name, data=b"", **kwargs):
    """A digest by its algorithm's name, of first data."""
    try:
        make = _made_by[name]
    except (KeyError, TypeError):
        if not isinstance(name, str):
            raise TypeError("name must be a string") from None
        raise ValueError("unsupported hash type " + name) from None
    return make(data, **kwargs)


def file_digest(fileobj, digest, /, *, _bufsize=2**18):
    """The digest (a name or what makes digests) of what a binary file holds from its position on."""
    state = new(digest) if isinstance(digest, str) else digest()
    if hasattr(fileobj, "getbuffer"):
        with fileobj.getbuffer() as whole:
            state.update(whole)
        return state
    if not (hasattr(fileobj, "readinto") and hasattr(fileobj, "readable") and fileobj.readable()):
        raise ValueError(f"'{fileobj!r}' is not a file-like object in binary reading mode.")
    piece = memoryview(bytearray(_bufsize))
    while True:
        size = fileobj.readinto(piece)
        if size is None:
            raise BlockingIOError("I/O operation would block.")
        if not size:
            return state
        state.update(piece[:size])
