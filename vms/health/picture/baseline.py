"""What is normal for one camera, by day and by night: running robust figures and a small map, at most 4 kB as JSON."""

import base64
import binascii
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vms.core.errors import BadInput
from vms.health.picture.statistics import GRID_COLUMNS, GRID_ROWS, LOOK_COLUMNS, LOOK_ROWS, PictureStatistics

VERSION = 2
LONGEST_MEMORY = 200
"""Pictures; older ones fade, so that seasons and new trees become normal."""
TRACKED = (
    "bright", "middle", "contrast", "burnt_share", "tint_a", "tint_b", "chroma", "edge_px", "detail", "noise",
    "speckle_share", "stripe_rows", "stripe_columns", "band_rows", "mosaic",
)  # fmt: skip
LATER = ("lean",)
"""Tracked too, but unknown in baselines that were kept before it was."""
MATCH = "match"
MONO_BELOW, DIM_BELOW = 1.5, 40.0
SAME_AS = 3.0
"""Mean absolute deviations beyond which a value moves the normal no further."""


class Light(StrEnum):
    DAY = "day"
    NIGHT = "night"
    """Infrared or dark."""


@dataclass(frozen=True, slots=True)
class Normal:
    """Centre and mean absolute deviation, Huber-like: outliers pull only so far."""

    centre: float
    deviation: float

    def with_value(self, value: float, seen: int) -> "Normal":
        rate = 1 / (min(seen, LONGEST_MEMORY) + 1)
        away = value - self.centre
        if seen >= 5:
            reach = SAME_AS * max(self.deviation, 1e-3 * (1 + abs(self.centre)))
            away = min(max(away, -reach), reach)
        return Normal(self.centre + rate * away, self.deviation + rate * (abs(away) - self.deviation))

    def merged(self, other: "Normal", share: float) -> "Normal":
        centre = self.centre + share * (other.centre - self.centre)
        apart = min(share, 1 - share) * abs(other.centre - self.centre)
        return Normal(centre, self.deviation + share * (other.deviation - self.deviation) + apart)


@dataclass(frozen=True, slots=True, kw_only=True)
class LightBaseline:
    seen: int
    normals: Mapping[str, Normal]
    look: bytes = field(repr=False)
    cell_detail: bytes = field(repr=False)
    cell_luma: bytes = field(repr=False)

    def of(self, name: str) -> Normal:
        return self.normals[name]

    def known_of(self, name: str) -> Normal | None:
        """Of what is tracked since later."""
        return self.normals.get(name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    lights: Mapping[Light, LightBaseline] = field(default_factory=lambda: MappingProxyType({}))

    def light_of(self, statistics: PictureStatistics) -> Light | None:
        """The light to compare with: the picture's own where it is known, else the other one; None where none is."""
        own = own_light(statistics)
        if own in self.lights:
            return own
        return next(iter(self.lights), None)


def own_light(statistics: PictureStatistics) -> Light:
    return light_by(chroma=statistics.chroma, middle=statistics.middle, bright=statistics.bright)


def light_by(*, chroma: float, middle: float, bright: float) -> Light:
    """By the figures that tell it."""
    dim = middle < DIM_BELOW and bright < 3 * DIM_BELOW
    return Light.NIGHT if chroma < MONO_BELOW or dim else Light.DAY


def learn(baseline: Baseline, statistics: PictureStatistics, light: Light | None = None) -> Baseline:
    """With one more normal picture. Hand in only pictures without findings, or those that staff called normal."""
    light = light or own_light(statistics)
    known = baseline.lights.get(light)
    return Baseline(lights=MappingProxyType({**baseline.lights, light: _with(known, statistics)}))


def learn_all(pictures: Iterable[PictureStatistics]) -> Baseline:
    baseline = Baseline()
    for statistics in pictures:
        baseline = learn(baseline, statistics)
    return baseline


_NINE = tuple((row, column) for row in range(3) for column in range(3))


def match(look: bytes, other: bytes, weights: NDArray[np.float32] | None = None) -> float:
    """-1 … 1: how alike two structures are, at the best of nine shifts by a point; `weights` for each point."""
    a = np.frombuffer(look, dtype=np.int8).reshape(LOOK_ROWS, LOOK_COLUMNS).astype(np.float32)
    b = np.frombuffer(other, dtype=np.int8).reshape(LOOK_ROWS, LOOK_COLUMNS).astype(np.float32)
    inner = a[1:-1, 1:-1]
    weight = np.ones_like(inner) if weights is None else weights[1:-1, 1:-1]
    weighted = inner * weight
    own = float((weighted * inner).sum())
    rows, columns = inner.shape
    moved = np.stack([b[row : row + rows, column : column + columns] for row, column in _NINE]).reshape(9, -1)
    together = moved @ weighted.ravel()
    powers = np.sqrt(own * ((moved * moved) @ weight.ravel()))
    return float(np.max(together / np.maximum(powers, 1e-6))) if own > 0 else 0.0


def _with(known: LightBaseline | None, statistics: PictureStatistics) -> LightBaseline:
    if known is None:
        normals = {name: Normal(float(getattr(statistics, name)), 0.0) for name in (*TRACKED, *LATER)}
        normals[MATCH] = Normal(1.0, 0.0)
        return LightBaseline(
            seen=1,
            normals=MappingProxyType(normals),
            look=statistics.look,
            cell_detail=statistics.cell_detail,
            cell_luma=statistics.cell_luma,
        )
    values = {name: float(getattr(statistics, name)) for name in (*TRACKED, *LATER)}
    values[MATCH] = match(known.look, statistics.look)
    normals = {name: known.normals.get(name, Normal(values[name], 0.0)) for name in values}
    return LightBaseline(
        seen=known.seen + 1,
        normals=MappingProxyType({name: normals[name].with_value(values[name], known.seen) for name in values}),
        look=_blend(known.look, statistics.look, known.seen, np.int8),
        cell_detail=_blend(known.cell_detail, statistics.cell_detail, known.seen, np.uint8),
        cell_luma=_blend(known.cell_luma, statistics.cell_luma, known.seen, np.uint8),
    )


def merge(one: Baseline, other: Baseline) -> Baseline:
    """As if one had seen both's pictures."""
    lights = dict(one.lights)
    for light, theirs in other.lights.items():
        ours = lights.get(light)
        lights[light] = theirs if ours is None else _merged(ours, theirs)
    return Baseline(lights=MappingProxyType(lights))


def _merged(ours: LightBaseline, theirs: LightBaseline) -> LightBaseline:
    share = theirs.seen / (ours.seen + theirs.seen)
    return replace(
        ours,
        seen=ours.seen + theirs.seen,
        normals=MappingProxyType(
            {
                name: ours.normals[name].merged(theirs.normals[name], share)
                for name in ours.normals
                if name in theirs.normals
            }
        ),
        look=_mixed(ours.look, theirs.look, share, np.int8),
        cell_detail=_mixed(ours.cell_detail, theirs.cell_detail, share, np.uint8),
        cell_luma=_mixed(ours.cell_luma, theirs.cell_luma, share, np.uint8),
    )


def _blend(known: bytes, new: bytes, seen: int, kind: type[np.integer[Any]]) -> bytes:
    """Bytes cannot hold a step below a half; a memory of eight pictures keeps the map moving."""
    return _mixed(known, new, 1 / (min(seen, 8) + 1), kind)


def _mixed(known: bytes, new: bytes, share: float, kind: type[np.integer[Any]]) -> bytes:
    old = np.frombuffer(known, dtype=kind).astype(np.float32)
    mixed = old + share * (np.frombuffer(new, dtype=kind).astype(np.float32) - old)
    return np.rint(mixed).astype(kind).tobytes()


def to_json(baseline: Baseline) -> str:
    lights = {
        light.value: {
            "seen": known.seen,
            "normals": {name: [_short(n.centre), float(f"{n.deviation:.3g}")] for name, n in known.normals.items()},
            "look": base64.b64encode(known.look).decode(),
            "cell_detail": base64.b64encode(known.cell_detail).decode(),
            "cell_luma": base64.b64encode(known.cell_luma).decode(),
        }
        for light, known in baseline.lights.items()
    }
    return json.dumps({"version": VERSION, "lights": lights}, separators=(",", ":"))


def from_json(text: str) -> Baseline:
    """Raises `BadInput` for what `to_json` did not write."""
    try:
        document = json.loads(text)
        if document["version"] != VERSION:
            raise BadInput(f"version {document['version']} of a baseline is not known", where="baseline")
        lights = {Light(name): _light(known) for name, known in document["lights"].items()}
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error) as problem:
        raise BadInput("this is no baseline", where="baseline") from problem
    return Baseline(lights=MappingProxyType(lights))


def _light(known: Mapping[str, Any]) -> LightBaseline:
    names = (*TRACKED, *(name for name in LATER if name in known["normals"]), MATCH)
    normals = {name: Normal(*(float(value) for value in known["normals"][name])) for name in names}
    if not all(math.isfinite(n.centre) and n.deviation >= 0 for n in normals.values()):
        raise ValueError("a figure is none")
    maps = {name: base64.b64decode(known[name], validate=True) for name in ("look", "cell_detail", "cell_luma")}
    cells = GRID_COLUMNS * GRID_ROWS
    if (len(maps["look"]), len(maps["cell_detail"]), len(maps["cell_luma"])) != (
        LOOK_COLUMNS * LOOK_ROWS,
        cells,
        cells,
    ):
        raise ValueError("a map has another size")
    return LightBaseline(seen=max(1, int(known["seen"])), normals=MappingProxyType(normals), **maps)


def _short(value: float) -> float:
    return float(f"{value:.4g}")
