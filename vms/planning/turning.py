"""What turning or moving the cameras that stand already would bring, before anything is bought."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vms.core.compiled import compiled
from vms.coverage.packed import PackedViews
from vms.coverage.poses import FULL_TURN
from vms.coverage.rows_see import Longs, Seen, rows_see
from vms.coverage.view import sweep_rows
from vms.coverage.walls import Walls
from vms.planning.links import NO_CHOICE, Links, chosen, rows_of, served
from vms.planning.private import PrivatePoints
from vms.planning.wanted import Wanted

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Flags = NDArray[np.bool_]

DIRECTIONS = 36
LEAST_GAIN_M = 5.0
"""Nobody climbs a ladder for less."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    row: int
    """Of the views that stand already."""
    bearing_before_deg: float
    bearing_after_deg: float
    gain: float
    """Worth more than now, the turns before it done."""


def select_rows(views: PackedViews, rows: NDArray[np.int64]) -> PackedViews:
    """These rows alone; their pieces stay where they are."""
    pieces = {"piece_end", "piece_wall"}
    chosen = {name: value if name in pieces else value[rows] for name, value in views._asdict().items()}
    return PackedViews(**chosen)


def turned_all_around(views: PackedViews, walls: Walls) -> PackedViews:
    """The same cameras with all that they could see if they were turned."""
    n = views.rows
    fresh = views._replace(
        start_rad=np.zeros(n),
        width_rad=np.full(n, FULL_TURN),
        first=np.zeros(n, np.int64),
        pieces=np.zeros(n, np.int32),
        x=views.x.copy(),
        y=views.y.copy(),
        indoor=views.indoor.copy(),
        situation=views.situation.copy(),
        piece_end=np.empty(max(64, 12 * n)),
        piece_wall=np.empty(max(64, 12 * n), np.int32),
    )
    return sweep_rows(fresh, walls)


def best_turns(
    walls: Walls, views: PackedViews, sees_by_night: Flags, wanted: Wanted, private: PrivatePoints, *, most: int = 20
) -> tuple[tuple[Turn, ...], Ints]:
    """(the turns in the order to do them, how many see each target afterwards). `views`: those that count as seeing and
    may be turned; `wanted.have` counts them."""
    turnable = np.flatnonzero((views.width_rad < FULL_TURN) & (views.directed == 1) & (views.indoor == 0))
    have = wanted.have.copy()
    if len(turnable) == 0 or len(wanted) == 0:
        return (), have
    kept = select_rows(views, turnable)
    night = sees_by_night[turnable]
    now = wanted.served_by(walls, kept, night)
    turned = turned_all_around(kept, walls)
    forbidden = rows_see(walls, turned, private.spots)
    middles = np.radians(90.0 - np.arange(DIRECTIONS) * (360.0 / DIRECTIONS))
    refused = refused_directions(forbidden, middles, kept.width_rad)
    worth = (wanted.per_view, wanted.views, have)
    alone, choices = all_around(wanted.links, rows_see(walls, turned, wanted.spots), night, middles, kept.width_rad)
    gains, sides = turn_gains(now, alone, choices, middles, kept.width_rad, refused, *worth)
    turns: list[Turn] = []
    done: set[int] = set()
    stale = np.zeros(len(turnable), bool)
    while len(turns) < most:
        top = int(np.argmax(gains))
        if gains[top] < LEAST_GAIN_M:
            break
        if stale[top]:
            row = slice(top, top + 1)
            one = _one_row(now, top, 1), _one_row(alone, top, 1), _one_row(choices, top, DIRECTIONS)
            again = turn_gains(*one, middles, kept.width_rad[row], refused[row], *worth)
            gains[top], sides[top], stale[top] = again[0][0], again[1][0], False
            continue
        have[_one_row(now, top, 1).spot] -= 1
        have[_sector(alone, top, float(middles[sides[top]]), float(kept.width_rad[top]))] += 1
        have[_one_row(choices, top * DIRECTIONS + int(sides[top]), 1).spot] += 1
        before = 90.0 - np.degrees(kept.start_rad[top] + kept.width_rad[top] / 2.0)
        turns.append(
            Turn(
                row=int(turnable[top]),
                bearing_before_deg=float(before % 360.0),
                bearing_after_deg=float(sides[top] * (360.0 / DIRECTIONS)),
                gain=float(gains[top]),
            )
        )
        done.add(top)
        stale[:] = True
        gains[list(done)] = 0.0
    return tuple(turns), have


def all_around(links: Links, seen: Seen, sees_by_night: Flags, middles: Floats, width_rad: Floats) -> tuple[Seen, Seen]:
    """(per row the targets that stand alone, with their angles; per row and direction those that it would choose)."""
    rows = len(width_rad)
    nothing = rows_of(rows * len(middles), np.zeros(0, np.int64), np.zeros(0, np.int32))
    if links.plain:
        return seen, nothing
    found = served(links, seen, sees_by_night)
    alone = links.choice[found.target] == NO_CHOICE
    first = np.zeros(rows + 1, np.int64)
    np.cumsum(np.bincount(found.row[alone], minlength=rows), out=first[1:])
    row, target, angle = (part[~alone] for part in found)
    away = (angle[:, None] - middles[None, :] + np.pi) % FULL_TURN - np.pi
    entry, direction = np.nonzero(np.abs(away) <= 0.5 * width_rad[row][:, None])
    choices = chosen(links, row[entry] * len(middles) + direction, target[entry])
    plain = Seen(first, found.target[alone], found.angle_rad[alone])
    return plain, rows_of(rows * len(middles), *choices)


def losses(walls: Walls, views: PackedViews, sees_by_night: Flags, wanted: Wanted) -> Floats:
    """Per row what nobody else sees: the worth that goes when the camera is taken away."""
    seen = wanted.served_by(walls, views, sees_by_night)
    needed = np.where(wanted.have <= wanted.views, wanted.per_view, 0.0)
    running = np.concatenate([[0.0], np.cumsum(needed[seen.spot])])
    lost: Floats = running[seen.first[1:]] - running[seen.first[:-1]]
    return lost


def _one_row(seen: Seen, row: int, parts: int) -> Seen:
    """Row `row` where each has so many parts."""
    first = seen.first[row * parts : (row + 1) * parts + 1]
    rows = slice(int(first[0]), int(first[-1]))
    return Seen(first - first[0], seen.spot[rows], seen.angle_rad[rows])


def _sector(seen: Seen, row: int, middle: float, width: float) -> Ints:
    rows = slice(int(seen.first[row]), int(seen.first[row + 1]))
    away = (seen.angle_rad[rows] - middle + np.pi) % FULL_TURN - np.pi
    within: Ints = seen.spot[rows][np.abs(away) <= width / 2.0]
    return within


@compiled
def refused_directions(seen: Seen, middles: Floats, width_rad: Floats) -> NDArray[np.uint8]:
    rows = len(width_rad)
    refused = np.zeros((rows, len(middles)), np.uint8)
    for i in range(rows):
        for e in range(seen.first[i], seen.first[i + 1]):
            for k in range(len(middles)):
                away = (seen.angle_rad[e] - middles[k] + np.pi) % (2.0 * np.pi) - np.pi
                if abs(away) <= 0.5 * width_rad[i]:
                    refused[i, k] = 1
    return refused


@compiled
def turn_gains(
    now: Seen,
    around: Seen,
    choices: Seen,
    middles: Floats,
    width_rad: Floats,
    refused: NDArray[np.uint8],
    per_view: Floats,
    views: Ints,
    have: Ints,
) -> tuple[Floats, Longs]:
    """Per row (what the best direction brings more than the present one, which direction). `choices`: per row and
    direction what is served beside what stands alone."""
    rows = len(width_rad)
    gains, sides = np.zeros(rows), np.zeros(rows, np.int64)
    mine = np.full(len(have), -1, np.int32)
    value = np.zeros(len(middles))
    for i in range(rows):
        present = 0.0
        for e in range(now.first[i], now.first[i + 1]):
            s = now.spot[e]
            mine[s] = i
            if have[s] <= views[s]:
                present += per_view[s]
        value[:] = 0.0
        for e in range(around.first[i], around.first[i + 1]):
            s = around.spot[e]
            others = have[s] - (1 if mine[s] == i else 0)
            if others >= views[s]:
                continue
            for k in range(len(middles)):
                away = (around.angle_rad[e] - middles[k] + np.pi) % (2.0 * np.pi) - np.pi
                if abs(away) <= 0.5 * width_rad[i]:
                    value[k] += per_view[s]
        for k in range(len(middles)):
            for e in range(choices.first[i * len(middles) + k], choices.first[i * len(middles) + k + 1]):
                s = choices.spot[e]
                if have[s] - (1 if mine[s] == i else 0) < views[s]:
                    value[k] += per_view[s]
            if not refused[i, k] and value[k] - present > gains[i]:
                gains[i], sides[i] = value[k] - present, k
    return gains, sides
