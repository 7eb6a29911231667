"""Maps put cameras on or inside the buildings that carry them; this puts them before the wall they look away from."""

import math

from vms.core.compiled import compiled
from vms.coverage.wall_grid import WallGrid, is_inside

OUTWARD_M = 0.5
FARTHEST_M = 15.0
"""A camera deeper inside a building than this is taken to be indoors."""
_ON_THE_WALL_M = 0.3
_TOUCHES_M = 0.02
"""Maps round to a centimetre: so near to a wall, on which side a camera lies is chance."""
_FACING_COSINE = 0.05
_TURNED_COST_M = 2.0
_FROM_CORNER_M = 0.6

STAYED, SNAPPED, DEEP_INSIDE = 0, 1, 2


@compiled
def snap(grid: WallGrid, x: float, y: float, bearing_rad: float) -> tuple[float, float, int]:
    """The viewpoint to compute with, and whether it stayed, was snapped or lies deep inside.

    `bearing_rad` counts counter-clockwise from east; NaN: looks anywhere, so the nearest wall is taken. Of several
    walls the near one that the camera faces away from most squarely wins; a spot inside a building is never chosen.
    One that hangs on a wall and looks along or into it is only moved off it, also where rounding put it a hair inside.
    """
    inside = is_inside(grid, x, y)
    hangs = inside and touches_wall(grid, x, y)
    directed = not math.isnan(bearing_rad)
    look_x = math.cos(bearing_rad) if directed else 0.0
    look_y = math.sin(bearing_rad) if directed else 0.0
    reach = FARTHEST_M if inside else _ON_THE_WALL_M
    best, best_x, best_y = math.inf, x, y
    first_column = max(0, math.floor((x - reach - grid.x0) / grid.cell_m))
    last_column = min(grid.columns - 1, math.floor((x + reach - grid.x0) / grid.cell_m))
    first_row = max(0, math.floor((y - reach - grid.y0) / grid.cell_m))
    last_row = min(grid.rows - 1, math.floor((y + reach - grid.y0) / grid.cell_m))
    for row in range(first_row, last_row + 1):
        for column in range(first_column, last_column + 1):
            cell = row * grid.columns + column
            for j in range(grid.starts[cell], grid.starts[cell + 1]):
                i = grid.items[j]
                x1, y1 = grid.segments[i, 0], grid.segments[i, 1]
                x2, y2 = grid.segments[i, 2], grid.segments[i, 3]
                if (
                    min(x1, x2) > x + reach
                    or max(x1, x2) < x - reach
                    or min(y1, y2) > y + reach
                    or max(y1, y2) < y - reach
                ):
                    continue
                ex, ey = x2 - x1, y2 - y1
                length = math.hypot(ex, ey)
                ex, ey = ex / length, ey / length
                along = (x - x1) * ex + (y - y1) * ey
                clamped = min(length, max(0.0, along))
                distance = math.hypot(x - x1 - clamped * ex, y - y1 - clamped * ey)
                facing = look_x * ey - look_y * ex
                turned_away = directed and facing < _FACING_COSINE
                on_the_wall = distance <= _ON_THE_WALL_M
                if distance > reach or (inside and turned_away and not on_the_wall):
                    continue
                cost = distance + (_TURNED_COST_M * (1.0 - facing) if directed else 0.0)
                if turned_away:
                    cost += FARTHEST_M
                if hangs and not on_the_wall:
                    cost += 4.0 * FARTHEST_M
                if cost >= best:
                    continue
                margin = min(_FROM_CORNER_M, 0.5 * length)
                foot = min(length - margin, max(margin, along))
                before_x, before_y = x1 + foot * ex + OUTWARD_M * ey, y1 + foot * ey - OUTWARD_M * ex
                if not is_inside(grid, before_x, before_y):
                    best, best_x, best_y = cost, before_x, before_y
    if best < math.inf:
        return best_x, best_y, SNAPPED
    return x, y, DEEP_INSIDE if inside else STAYED


@compiled
def touches_wall(grid: WallGrid, x: float, y: float) -> bool:
    first_column = max(0, math.floor((x - _TOUCHES_M - grid.x0) / grid.cell_m))
    last_column = min(grid.columns - 1, math.floor((x + _TOUCHES_M - grid.x0) / grid.cell_m))
    first_row = max(0, math.floor((y - _TOUCHES_M - grid.y0) / grid.cell_m))
    last_row = min(grid.rows - 1, math.floor((y + _TOUCHES_M - grid.y0) / grid.cell_m))
    for row in range(first_row, last_row + 1):
        for column in range(first_column, last_column + 1):
            cell = row * grid.columns + column
            for j in range(grid.starts[cell], grid.starts[cell + 1]):
                i = grid.items[j]
                x1, y1 = grid.segments[i, 0], grid.segments[i, 1]
                ex, ey = grid.segments[i, 2] - x1, grid.segments[i, 3] - y1
                along = ((x - x1) * ex + (y - y1) * ey) / (ex * ex + ey * ey)
                along = min(1.0, max(0.0, along))
                if math.hypot(x - x1 - along * ex, y - y1 - along * ey) <= _TOUCHES_M:
                    return True
    return False
