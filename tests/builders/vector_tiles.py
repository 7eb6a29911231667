"""Vector tiles read without the code that wrote them."""

from collections.abc import Iterator

import numpy as np

from vms.maps.cells import mercator
from vms.maps.tiles.layer import EXTENT

Message = list[tuple[int, int | bytes]]
Ring = list[tuple[int, int]]
Feature = tuple[dict[str, str], list[Ring]]


def varint(content: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        value |= (content[at] & 127) << shift
        at, shift = at + 1, shift + 7
        if content[at - 1] < 128:
            return value, at


def message(content: bytes) -> Message:
    """Fields of a protocol buffer."""
    found: Message = []
    at = 0
    while at < len(content):
        key, at = varint(content, at)
        if key & 7 == 2:
            size, at = varint(content, at)
            found.append((key >> 3, content[at : at + size]))
            at += size
        else:
            value, at = varint(content, at)
            found.append((key >> 3, value))
    return found


def varints(content: bytes) -> list[int]:
    found, at = [], 0
    while at < len(content):
        value, at = varint(content, at)
        found.append(value)
    return found


def paths(numbers: list[int]) -> list[Ring]:
    found: list[Ring] = []
    x = y = at = 0
    while at < len(numbers):
        command, count = numbers[at] & 7, numbers[at] >> 3
        at += 1
        if command == 7:
            continue
        for _ in range(count):
            x += (numbers[at] >> 1) ^ -(numbers[at] & 1)
            y += (numbers[at + 1] >> 1) ^ -(numbers[at + 1] & 1)
            at += 2
            if command == 1:
                found.append([])
            found[-1].append((x, y))
    return found


def layers(tile: bytes) -> Iterator[tuple[str, list[Feature]]]:
    """Name and features of each layer; values as text."""
    for _, content in message(tile):
        fields = message(content)  # type: ignore[arg-type]
        name = next(value for field, value in fields if field == 1).decode()  # type: ignore[union-attr]
        keys = [value.decode() for field, value in fields if field == 3]  # type: ignore[union-attr]
        values = [message(value)[0][1] for field, value in fields if field == 4]  # type: ignore[arg-type]
        assert (5, EXTENT) in fields
        assert fields[0] == (15, 2)
        features = []
        for field, value in fields:
            if field == 2:
                told = dict(message(value))  # type: ignore[arg-type]
                tags = varints(told.get(2, b""))  # type: ignore[arg-type]
                said = {keys[k]: values[v] for k, v in zip(tags[::2], tags[1::2], strict=True)}
                words = {key: one.decode() if isinstance(one, bytes) else str(one) for key, one in said.items()}
                features.append((words, paths(varints(told[4]))))  # type: ignore[arg-type]
        yield name, features


def tile_at(lon: float, lat: float, zoom: int) -> tuple[int, int, int]:
    """The one that a place lies in."""
    x, y = mercator(np.array([lon]), np.array([lat]))
    return zoom, int(x[0] * (1 << zoom)), int(y[0] * (1 << zoom))


def area(ring: Ring) -> int:
    """Twice its area; positive where it runs clockwise on the screen."""
    return sum(x * v - u * y for (x, y), (u, v) in zip(ring, [*ring[1:], ring[0]], strict=True))
