"""The manifest of a content: ids of its pieces, packed.

A full list of hashes would outweigh the changed pieces of most versions. Ids of pieces stored together are neighbours, so their
differences are small numbers, written as varints and compressed.
"""

import zlib
from collections.abc import Iterable


def pack(ids: Iterable[int]) -> bytes:
    """Return ids as zlib of zigzag varints of their differences."""
    packed = bytearray()
    previous = 0
    for identifier in ids:
        _append(packed, identifier - previous)
        previous = identifier
    return zlib.compress(bytes(packed), 6)


def unpack(data: bytes) -> list[int]:
    """Return the ids in the order they were packed. Raises ValueError or zlib.error on damaged bytes."""
    ids: list[int] = []
    previous = number = shift = 0
    for byte in zlib.decompress(data):
        number |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            previous += (number >> 1) ^ -(number & 1)
            ids.append(previous)
            number = shift = 0
    if shift:
        raise ValueError("the manifest ends inside a number")
    return ids


def _append(packed: bytearray, difference: int) -> None:
    number = difference * 2 if difference >= 0 else -difference * 2 - 1
    while number > 0x7F:
        packed.append(number & 0x7F | 0x80)
        number >>= 7
    packed.append(number)
