"""Kernel of the tally: the samples that one camera's view has to do with, and what it is to each of them."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vms.core.compiled import compiled
from vms.coverage.packed import BLOCKED, IN_SIGHT, PackedViews, sight

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Bytes = NDArray[np.uint8]

LIGHTS = 2
DAY, NIGHT = 0, 1
COVERS, IS_FAULTY, IS_REFUSED, IS_COARSE, IS_BLOCKED, NOTHING = 0, 1, 2, 3, 4, 5
"""What a view is to a sample; as the causes are numbered."""
TOUCHING_M = 1e-6
"""As `sight` has it."""
USABLE, FAULTY, REFUSED, SIGHTLESS = 0, 1, 2, 3
"""Worth of a view; SIGHTLESS: it shows nothing useful in this light, and no repair changes that."""


class Samples(NamedTuple):
    """The demand, hung into a grid of cells."""

    x: Floats
    y: Floats
    need_px_per_m: Floats
    need_views: NDArray[np.int16]
    asked: Bytes
    """(n, 2): by day, by night."""
    length_mm: NDArray[np.int64]
    is_place: Bytes
    figure: Ints
    """Which sums it counts for."""
    group: Ints
    """Which entrance; -1: none."""
    group_row: Ints
    """Per entrance its row."""
    first: Ints
    """Per cell, one more at the end."""
    rows: Ints
    grid: Floats
    """West, south, size of a cell, columns, rows."""


class Scratch(NamedTuple):
    """Room for the rows of one camera."""

    row: Ints
    density: NDArray[np.float32]
    relation: Bytes
    """(n, 2): COVERS … NOTHING by day, by night."""
    shows: Bytes
    """In sight at all, whatever the need."""
    touched: Ints
    group_relation: Bytes
    group_seen: Bytes
    place: Ints
    """Per sample where a camera of several sensors has it already; -1, but while they are put together."""


@compiled
def relation_of(found: int, enough: bool, worth: int) -> int:
    if found == IN_SIGHT:
        if not enough:
            return IS_COARSE if worth in (USABLE, SIGHTLESS) else NOTHING
        if worth == SIGHTLESS:
            return IS_COARSE
        return worth
    return IS_BLOCKED if enough and worth == USABLE else NOTHING


@compiled
def sector_box(views: PackedViews, slot: int) -> tuple[float, float, float, float]:
    """West, south, east, north of the open sector."""
    x, y, reach = views.x[slot], views.y[slot], views.range_m[slot]
    start, width = views.start_rad[slot], views.width_rad[slot]
    west, south, east, north = x, y, x, y
    for k in range(6):
        if k < 2:
            angle = start + k * width
        else:
            angle = (k - 2) * 0.5 * math.pi
            if (angle - start) % (2.0 * math.pi) > width:
                continue
        at_x, at_y = x + reach * math.cos(angle), y + reach * math.sin(angle)
        west, south = min(west, at_x), min(south, at_y)
        east, north = max(east, at_x), max(north, at_y)
    return west - 1e-3, south - 1e-3, east + 1e-3, north + 1e-3


@compiled
def rows_of_slot(
    segments: Floats,
    views: PackedViews,
    samples: Samples,
    slot: int,
    by_day: int,
    by_night: int,
    scratch: Scratch,
    at: int,
) -> int:
    """Fills the scratch from `at` on with the samples within the view's sector and range, then with the entrances among
    them; each once. Answers up to where.

    Asks what `sight` asks, in place but for views over roofs: a call that hands over thirty arrays costs ten times
    the question.
    """
    if not views.directed[slot] or views.pieces[slot] == 0:
        return at
    x, y, reach, near = views.x[slot], views.y[slot], views.range_m[slot], views.near_m[slot]
    start, width, px_m, height = views.start_rad[slot], views.width_rad[slot], views.px_m[slot], views.height_m[slot]
    first_piece, last_piece = views.first[slot], views.first[slot] + views.pieces[slot] - 1
    lofty = views.lofty[slot] != 0
    piece_end, piece_wall = views.piece_end, views.piece_wall
    sample_x, sample_y, need, group_of = samples.x, samples.y, samples.need_px_per_m, samples.group
    found_row, found_density = scratch.row, scratch.density
    found_relation, found_shows = scratch.relation, scratch.shows
    west, south, east, north = sector_box(views, slot)
    size, columns, lines = samples.grid[2], int(samples.grid[3]), int(samples.grid[4])
    first_column = max(0, math.floor((west - samples.grid[0]) / size))
    last_column = min(columns - 1, math.floor((east - samples.grid[0]) / size))
    first_line = max(0, math.floor((south - samples.grid[1]) / size))
    last_line = min(lines - 1, math.floor((north - samples.grid[1]) / size))
    if first_column > last_column:
        return at
    first_of, row_at = samples.first, samples.rows
    n, touched = at, 0
    for line in range(first_line, last_line + 1):
        for k in range(first_of[line * columns + first_column], first_of[line * columns + last_column + 1]):
            row = row_at[k]
            dx, dy = sample_x[row] - x, sample_y[row] - y
            square = dx * dx + dy * dy
            if square > reach * reach or square < near * near:
                continue
            angle = math.atan2(dy, dx) - start
            while angle < 0.0:
                angle += 2.0 * math.pi
            while angle >= 2.0 * math.pi:
                angle -= 2.0 * math.pi
            if angle > width:
                continue
            distance = math.sqrt(square)
            relation = IN_SIGHT
            if lofty:
                relation, distance = sight(segments, views, slot, sample_x[row], sample_y[row])
            else:
                low, high = first_piece, last_piece
                while low < high:
                    middle = (low + high) // 2
                    if piece_end[middle] < angle:
                        low = middle + 1
                    else:
                        high = middle
                wall = piece_wall[low]
                if wall >= 0 and distance >= 1e-9:
                    ux, uy = dx / distance, dy / distance
                    ex, ey = segments[wall, 2] - segments[wall, 0], segments[wall, 3] - segments[wall, 1]
                    across = ux * ey - uy * ex
                    if across != 0.0:
                        clear = ((segments[wall, 0] - x) * ey - (segments[wall, 1] - y) * ex) / across
                        if distance > clear + TOUCHING_M:
                            relation = BLOCKED
            density = px_m / max(math.sqrt(square + height * height), 0.1)
            enough = density >= need[row]
            day = relation_of(relation, enough, by_day)
            night = day if by_night == by_day else relation_of(relation, enough, by_night)
            group = group_of[row]
            if group >= 0:
                if not scratch.group_seen[group]:
                    scratch.group_seen[group] = 1
                    scratch.touched[touched] = group
                    touched += 1
                    scratch.group_relation[group, 0] = NOTHING
                    scratch.group_relation[group, 1] = NOTHING
                scratch.group_relation[group, 0] = min(scratch.group_relation[group, 0], day)
                scratch.group_relation[group, 1] = min(scratch.group_relation[group, 1], night)
                if samples.group_row[group] == row:
                    continue
            found_row[n], found_density[n] = row, density
            found_relation[n, 0], found_relation[n, 1] = day, night
            found_shows[n] = 1 if relation == IN_SIGHT else 0
            n += 1
    for k in range(touched):
        group = scratch.touched[k]
        scratch.group_seen[group] = 0
        found_row[n], found_density[n], found_shows[n] = samples.group_row[group], 0.0, 0
        found_relation[n, 0] = scratch.group_relation[group, 0]
        found_relation[n, 1] = scratch.group_relation[group, 1]
        n += 1
    return n


@compiled
def rows_of_camera(
    segments: Floats,
    views: PackedViews,
    samples: Samples,
    slots: NDArray[np.int64],
    begin: int,
    end: int,
    by_day: int,
    by_night: int,
    scratch: Scratch,
) -> int:
    """As `rows_of_slot`, of all sensors of one camera, `slots[begin:end]`: each sample once, for the sensor to which it
    is most. One housing fails as one, and is one of the cameras that a spot asks for. Answers how many."""
    n = rows_of_slot(segments, views, samples, slots[begin], by_day, by_night, scratch, 0)
    if end == begin + 1:
        return n
    row, density, relation, shows, place = scratch.row, scratch.density, scratch.relation, scratch.shows, scratch.place
    for k in range(n):
        place[row[k]] = k
    for i in range(begin + 1, end):
        last = rows_of_slot(segments, views, samples, slots[i], by_day, by_night, scratch, n)
        for k in range(n, last):
            known = place[row[k]]
            if known < 0:
                place[row[k]] = n
                row[n], density[n], shows[n] = row[k], density[k], shows[k]
                relation[n, 0], relation[n, 1] = relation[k, 0], relation[k, 1]
                n += 1
                continue
            if shows[k] and (not shows[known] or density[k] > density[known]):
                density[known], shows[known] = density[k], 1
            relation[known, 0] = min(relation[known, 0], relation[k, 0])
            relation[known, 1] = min(relation[known, 1], relation[k, 1])
    for k in range(n):
        place[row[k]] = -1
    return n


@compiled
def end_of_camera(camera: NDArray[np.int64], begin: int) -> int:
    """Up to where the slots are of the same one."""
    end = begin + 1
    while end < len(camera) and camera[end] == camera[begin]:
        end += 1
    return end
