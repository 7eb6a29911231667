"""One camera's picture at an instant: backdrop, traffic, name, clock and a time mark that a program can read.

The time mark: 16 squares in one row that ends in the lower right corner. A square is 1/40 of the picture's width (16 px
at 640, 32 px at 1280). White (luma above 128) is 1, black is 0, the most significant bit on the left. The number is the
true time (not the device's clock) at which the picture was made, in hundredths of a second since 1970-01-01 UTC, modulo
65536: a viewer who reads it from a canvas and compares it with `Math.floor(Date.now() / 10) % 65536` has the latency in
steps of 10 ms. Two pictures of a live camera never carry the same number.
"""

import math
import random
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from vms.sim.backdrop import LENS_FAULTS, Planes, paint_backdrop
from vms.sim.faults import Fault
from vms.sim.scene import HORIZON, Image, vanishing_point
from vms.sim.screen_text import clock_strip, text_strip

MARK_BITS = 16
_BITS = 1 << np.arange(MARK_BITS - 1, -1, -1)
_NO_TRAFFIC = LENS_FAULTS - {Fault.BRIGHT}


@dataclass(frozen=True, slots=True)
class Vehicle:
    lane: float
    """Left of the street's middle is negative, ± 1 its edge."""
    phase: float
    period_s: float
    luma: int
    u: int
    v: int
    towards: bool


class Picture:
    """Paints one channel at one size. Not for two threads at once."""

    __slots__ = (
        "_backdrop",
        "_clock",
        "_held",
        "_indoor",
        "_mark_px",
        "_name",
        "_seed",
        "_text_px",
        "_vehicles",
        "height_px",
        "width_px",
    )

    def __init__(self, *, seed: int, name: str, indoor: bool, width_px: int, height_px: int) -> None:
        self.width_px, self.height_px = width_px, height_px
        self._seed, self._indoor = seed, indoor
        self._mark_px = width_px // 40
        self._text_px = (height_px // 15) & ~1
        self._name = text_strip(name, self._text_px)[:, : width_px // 2 & ~1]
        self._clock: tuple[str, Image] = ("", self._name)
        self._held: frozenset[Fault] = frozenset()
        self._backdrop: Planes | None = None
        self._vehicles = _traffic(seed)

    def prepare(self, faults: frozenset[Fault]) -> None:
        """Paints the backdrop if it is not there; the slow part, which may run in a thread of its own."""
        held = faults & LENS_FAULTS
        if self._backdrop is None or held != self._held:
            self._backdrop = paint_backdrop(self._seed, self.width_px, self.height_px, indoor=self._indoor, faults=held)
            self._held = held

    def ready(self, faults: frozenset[Fault]) -> bool:
        return self._backdrop is not None and faults & LENS_FAULTS == self._held

    def paint(self, into: Planes, *, device_time: datetime, true_time_s: float, pan: float = 0.0) -> None:
        """`device_time`: what the clock on the picture shows. Needs `prepare` before."""
        backdrop = self._backdrop
        if backdrop is None:
            raise RuntimeError("the picture was not prepared")
        backdrop.copy_into(into)
        if not self._held & _NO_TRAFFIC:
            for vehicle in self._vehicles:
                self._drive(into, vehicle, true_time_s)
        if pan:
            _turn(into, pan)
        text = f"{device_time:%Y-%m-%d %H:%M:%S}"
        if self._clock[0] != text:
            self._clock = (text, clock_strip(text, self._text_px))
        _lay(into, self._clock[1], 8, 8)
        _lay(into, self._name, self.width_px - self._name.shape[1] - 8, 8)
        self._stamp(into, int(true_time_s * 100) % (1 << MARK_BITS))

    def _drive(self, into: Planes, vehicle: Vehicle, time_s: float) -> None:
        """A box with a windscreen that comes down the street or goes up it."""
        share = (time_s / vehicle.period_s + vehicle.phase) % 1.0
        near = (share if vehicle.towards else 1.0 - share) ** 2
        if self._indoor:
            near, x = 0.35, self.width_px * (0.1 + 0.8 * share)
        else:
            x = self.width_px * (vanishing_point(self._seed) + vehicle.lane * (0.02 + 0.5 * near))
        foot = self.height_px * (HORIZON + 0.02 + (0.86 - HORIZON) * near)
        half = self.width_px * (0.008 + 0.07 * near) * (0.35 if self._indoor else 1.0)
        tall = half * (3.6 if self._indoor else 1.5)
        box = (x - half, foot - tall, x + half, foot)
        _fill(into, box, vehicle.luma, vehicle.u, vehicle.v)
        _fill(into, (x - half * 0.8, foot - tall * 0.9, x + half * 0.8, foot - tall * 0.55), 60, 132, 124)
        _fill(into, (x - half, foot - tall * 0.12, x + half, foot), 25, 128, 128)

    def _stamp(self, into: Planes, number: int) -> None:
        side = self._mark_px
        row = np.where(number & _BITS, 235, 16).astype(np.uint8).repeat(side)
        top, left = self.height_px - side, self.width_px - MARK_BITS * side
        into.y[top:, left:] = row
        into.u[top // 2 :, left // 2 :] = 128
        into.v[top // 2 :, left // 2 :] = 128


def read_mark(luma: Image) -> int:
    """The number in the time mark of a picture's luma plane."""
    height_px, width_px = luma.shape
    side = width_px // 40
    row = height_px - side // 2
    columns = width_px - MARK_BITS * side + side * np.arange(MARK_BITS) + side // 2
    return int((_BITS * (luma[row, columns] > 128)).sum())


def _traffic(seed: int) -> tuple[Vehicle, ...]:
    rng = random.Random(seed + 17)
    return tuple(
        Vehicle(
            lane=rng.uniform(0.25, 0.8) * (1 if at % 2 else -1),
            phase=rng.random(),
            period_s=rng.uniform(5.0, 14.0),
            luma=rng.choice((40, 90, 150, 210)),
            u=rng.choice((100, 128, 160)),
            v=rng.choice((110, 128, 175)),
            towards=bool(at % 2),
        )
        for at in range(4)
    )


def _fill(into: Planes, box: tuple[float, float, float, float], luma: int, u: int, v: int) -> None:
    height_px, width_px = into.y.shape
    x0, y0 = max(0, int(box[0])) & ~1, max(0, int(box[1])) & ~1
    x1, y1 = min(width_px, math.ceil(box[2])) & ~1, min(height_px, math.ceil(box[3])) & ~1
    if x1 <= x0 or y1 <= y0:
        return
    into.y[y0:y1, x0:x1] = luma
    into.u[y0 // 2 : y1 // 2, x0 // 2 : x1 // 2] = u
    into.v[y0 // 2 : y1 // 2, x0 // 2 : x1 // 2] = v


def _lay(into: Planes, strip: Image, left: int, top: int) -> None:
    left, top = left & ~1, top & ~1
    height_px, width_px = strip.shape
    into.y[top : top + height_px, left : left + width_px] = strip
    into.u[top // 2 : (top + height_px) // 2, left // 2 : (left + width_px) // 2] = 128
    into.v[top // 2 : (top + height_px) // 2, left // 2 : (left + width_px) // 2] = 128


def _turn(into: Planes, pan: float) -> None:
    """A head that turned shows the same street shifted round."""
    shift = int(pan * into.y.shape[1] / 2) & ~1
    into.y[:] = np.roll(into.y, -shift, axis=1)
    into.u[:] = np.roll(into.u, -shift // 2, axis=1)
    into.v[:] = np.roll(into.v, -shift // 2, axis=1)
