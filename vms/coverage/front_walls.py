"""Which walls a viewpoint may see: nearest cells first, without what lies wholly behind others.

The turn is cut into bins. In a bin the reciprocal distances of walls are linear in the turn, so a wall that fills it
hides there each that is farther at both its edges; one that is hidden in all its bins never bounds the view. When all
bins of the sector are filled nearer than the next ring of cells, the search ends.
"""

import math

from vms.core.compiled import compiled
from vms.coverage.sweep_scratch import Scratch
from vms.coverage.turns import WHOLE_TURN, turn_of
from vms.coverage.wall_grid import WallGrid

_HALF_TURN = 2.0
_HAIR_M = 1e-6


@compiled
def walls_in_front(
    grid: WallGrid, x: float, y: float, range_m: float, start_rad: float, width_rad: float, width: float, faces: bool,
    scratch: Scratch,
) -> int:  # fmt: skip
    """Fills low, high, wall, a and b; turns count from the start of the sector, which is `width` of them wide.

    `faces`: only walls that show their outer side, which is enough for who stands outside every building.
    Answers how many, -1 where the scratch is too small.
    """
    cell_m, half_m = grid.cell_m, 0.5 * grid.cell_m
    first_column = max(0, math.floor((x - range_m - grid.x0) / cell_m))
    last_column = min(grid.columns - 1, math.floor((x + range_m - grid.x0) / cell_m))
    first_row = max(0, math.floor((y - range_m - grid.y0) / cell_m))
    last_row = min(grid.rows - 1, math.floor((y + range_m - grid.y0) / cell_m))
    if first_column > last_column or first_row > last_row:
        return 0
    starts, cell_first, cell_last = grid.starts, scratch.cell_first, scratch.cell_last
    begins, ends = scratch.cover_begin, scratch.cover_end
    cosine, sine = math.cos(start_rad), math.sin(start_rad)
    end_x, end_y = math.cos(start_rad + width_rad), math.sin(start_rad + width_rad)
    narrow = width <= _HALF_TURN
    before_m = half_m * (abs(sine) + abs(cosine)) + _HAIR_M
    behind_m = half_m * (abs(end_x) + abs(end_y)) + _HAIR_M
    here_column, here_row = math.floor((x - grid.x0) / cell_m), math.floor((y - grid.y0) / cell_m)
    west, south = grid.x0 + here_column * cell_m - x, grid.y0 + here_row * cell_m - y
    to_edge = max(0.0, min(-west, west + cell_m, -south, south + cell_m))
    last_ring = max(last_column - here_column, here_column - first_column, last_row - here_row, here_row - first_row)
    square = range_m * range_m
    bins = min(len(begins), math.ceil(width * len(begins) / WHOLE_TURN))
    for k in range(bins):
        begins[k], ends[k] = 0.0, 0.0
    scratch.met[:] = -1
    n, open_bin, cells = 0, 0, 0
    for ring in range(last_ring + 1):
        for row in range(max(first_row, here_row - ring), min(last_row, here_row + ring) + 1):
            middle_y = south + (row - here_row) * cell_m + half_m
            off_y = max(abs(middle_y) - half_m, 0.0)
            step = 1 if ring == 0 or abs(row - here_row) == ring else 2 * ring
            for column in range(here_column - ring, here_column + ring + 1, step):
                if column < first_column or column > last_column:
                    continue
                cell = row * grid.columns + column
                if starts[cell] == starts[cell + 1]:
                    continue
                middle_x = west + (column - here_column) * cell_m + half_m
                off_x = max(abs(middle_x) - half_m, 0.0)
                if off_x * off_x + off_y * off_y > square:
                    continue
                if narrow and cosine * middle_y - sine * middle_x < -before_m:
                    continue
                if narrow and end_y * middle_x - end_x * middle_y < -behind_m:
                    continue
                cell_first[cells], cell_last[cells] = starts[cell], starts[cell + 1]
                cells += 1
                if cells == len(cell_first):
                    n = add_walls(grid, cells, x, y, square, cosine, sine, width, bins, faces, n, scratch)
                    cells = 0
                    if n < 0:
                        return -1
        if cells > 0:
            n = add_walls(grid, cells, x, y, square, cosine, sine, width, bins, faces, n, scratch)
            cells = 0
            if n < 0:
                return -1
        clear_m = ring * cell_m + to_edge - _HAIR_M
        while open_bin < bins and min(begins[open_bin], ends[open_bin]) * clear_m >= 1.0:
            open_bin += 1
        if open_bin == bins:
            break
    return n


@compiled
def add_walls(
    grid: WallGrid, cells: int, x: float, y: float, square_m2: float, cosine: float, sine: float, width: float,
    bins: int, faces: bool, n: int, scratch: Scratch,
) -> int:  # fmt: skip
    """Those of some cells, clipped to the circle and the sector, after the n that are there; -1: no room."""
    segments, items, met, edge_x, edge_y = grid.segments, grid.items, scratch.met, scratch.edge_x, scratch.edge_y
    begins, ends = scratch.cover_begin, scratch.cover_end
    lows, highs, walls, as_, bs = scratch.low, scratch.high, scratch.wall, scratch.a, scratch.b
    room, mask, bins_a_unit = len(lows) - 2, len(met) - 1, len(begins) / WHOLE_TURN
    turned = sine != 0.0 or cosine != 1.0
    for cell in range(cells):
        for j in range(scratch.cell_first[cell], scratch.cell_last[cell]):
            i = items[j]
            px, py = segments[i, 0] - x, segments[i, 1] - y
            qx, qy = segments[i, 2] - x, segments[i, 3] - y
            turning = px * qy - py * qx
            if turning == 0.0 or (faces and turning > 0.0) or met[i & mask] == i:
                continue
            met[i & mask] = i
            if turning < 0.0:
                px, py, qx, qy, turning = qx, qy, px, py, -turning
            ex, ey = qx - px, qy - py
            a, b = ey / turning, -ex / turning
            pp, qq = px * px + py * py, qx * qx + qy * qy
            if pp > square_m2 or qq > square_m2:
                # clip to the circle: |p + t e| = range
                ee, pe = ex * ex + ey * ey, px * ex + py * ey
                root = ee * square_m2 - turning * turning
                if root <= 0.0:
                    continue
                root = math.sqrt(root)
                t0 = (-pe - root) / ee if pp > square_m2 else 0.0
                t1 = (-pe + root) / ee if qq > square_m2 else 1.0
                if t0 < 0.0 or t1 > 1.0 or t0 >= t1:
                    continue
                if qq > square_m2:
                    qx, qy = px + t1 * ex, py + t1 * ey
                if pp > square_m2:
                    px, py = px + t0 * ex, py + t0 * ey
            if turned:
                px, py = cosine * px + sine * py, cosine * py - sine * px
                qx, qy = cosine * qx + sine * qy, cosine * qy - sine * qx
                a, b = cosine * a + sine * b, cosine * b - sine * a
            low, high = turn_of(px, py), turn_of(qx, qy)
            if low >= WHOLE_TURN:
                low = 0.0
            parts = 1
            if low > high:
                if low - high < 1.0:  # roundings have turned around what is seen edge-on
                    continue
                parts = 2
            if n >= room:
                return -1
            for part in range(parts):
                begin = low if part == 0 else 0.0
                end = WHOLE_TURN if part + 1 < parts else high
                end = min(end, width)
                if begin >= end:
                    continue
                first = int(begin * bins_a_unit)
                last = min(bins, int(end * bins_a_unit) + 1)
                hidden = True
                at = a * edge_x[first] + b * edge_y[first]
                for k in range(first, last):
                    then = a * edge_x[k + 1] + b * edge_y[k + 1]
                    if at > begins[k] or then > ends[k]:
                        hidden = False
                        break
                    at = then
                if hidden:
                    continue
                lows[n], highs[n], walls[n], as_[n], bs[n] = begin, end, i, a, b
                n += 1
                first = math.ceil(begin * bins_a_unit)
                last = bins if end >= width else int(end * bins_a_unit)
                at = a * edge_x[first] + b * edge_y[first]
                for k in range(first, last):
                    then = a * edge_x[k + 1] + b * edge_y[k + 1]
                    if at + then > begins[k] + ends[k]:
                        begins[k], ends[k] = at, then
                    at = then
    return n
