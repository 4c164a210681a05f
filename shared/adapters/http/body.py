"""Reads an answer's body whole or not at all, in bounded memory; too large, cut off and badly packed differ."""

import zlib
from typing import Any

CHUNK = 65_536


class BodyRefused(Exception):
    """The body is too large or packed in a way we did not ask for; `code` says which."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class HalfABody(Exception):
    """The packed body ended before its own end mark."""


def read_body(raw: Any, *, encoding: str, limit: int) -> bytes:
    """The unpacked body of a urllib3 response; both what is sent and what it unpacks to stay within `limit` bytes.

    Raises BodyRefused, HalfABody, and urllib3's errors for a cut or timed-out transfer.
    """
    if encoding not in ("", "identity", "gzip", "x-gzip"):
        raise BodyRefused("http.encoding")
    if int(raw.length_remaining or 0) > limit:  # Content-Length: no need to read it to know
        raise BodyRefused("http.too_large")
    unpacker = _Gzip() if encoding.endswith("gzip") else None
    body = bytearray()
    received = 0
    # raw.read, not raw.stream: it reads chunked bodies through http.client, which bounds the chunk-size lines.
    while chunk := raw.read(CHUNK, decode_content=False):
        received += len(chunk)
        body += unpacker.unpack(chunk, limit + 1 - len(body)) if unpacker else chunk
        if received > limit or len(body) > limit:
            raise BodyRefused("http.too_large")
    if unpacker and received and not unpacker.complete:
        raise HalfABody
    return bytes(body)


class _Gzip:
    """Unpacks one gzip member after another (RFC 1952 2.2 allows several), never more bytes than asked."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(wbits=31)

    @property
    def complete(self) -> bool:
        return self._member.eof

    def unpack(self, packed: bytes, most: int) -> bytes:
        """What `packed` holds, cut off at `most` bytes (at least 1): the caller refuses it then."""
        unpacked = bytearray()
        while packed and len(unpacked) < most:
            if self._member.eof:
                self._member = zlib.decompressobj(wbits=31)
            try:
                unpacked += self._member.decompress(packed, most - len(unpacked))
            except zlib.error as err:
                raise BodyRefused("http.encoding") from err
            packed = self._member.unused_data
        return bytes(unpacked)
