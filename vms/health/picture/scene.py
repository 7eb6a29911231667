"""Against the camera's own normal: part of the view covered, or another view."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from vms.health.fault import FaultKind
from vms.health.picture.baseline import MATCH, LightBaseline, match
from vms.health.picture.cells import below_which, cells_of, largest_piece, one_bare_tone, with_near
from vms.health.picture.finding import USUAL_SCORE, Finding, grade
from vms.health.picture.moved import best_move
from vms.health.picture.only_light import is_mostly_burnt
from vms.health.picture.stands_before import Piece, burnt_out, changed_cells, what_stands_before
from vms.health.picture.statistics import GRID_COLUMNS, GRID_ROWS, LOOK_COLUMNS, LOOK_ROWS, PictureStatistics

COVERED_SHARE = 0.14
"""Of the picture; passers-by and lorries are less, or gone at the next look."""
DETAIL_STEPS, LOST_STEPS = 8, 8
"""Cells with less detail (quarters of a level) have nothing to be covered; the second is more than rain adds."""
SURE_DETAIL_STEPS = 14
"""Less detail than this may have been rain or the grain of dusk: such a cell must show something else as well."""
LEFT_SHARE = 0.4
OTHER_LEVELS, OTHER_SHARE = 30.0, 0.25
"""A bare cell this much darker or brighter than the light of the rest explains is covered as well; a bright sky may
change more."""
LIT_ALIKE_CELLS, KEPT_FOR_LIGHT = 6, 0.88
ALL_GONE_SHARE, ALL_LEFT_SHARE, ALL_UNLIKE = 0.7, 0.3, 0.35
"""So many cells with so little left of their detail and a view so unlike: all of it is covered."""
KEPT_SHARE = 0.55
"""Of the detail, in the cells that kept most: below, all of the picture lost detail, and nothing stands before it."""
MOSTLY_COVERED = 0.4
"""Nobody turns a camera so that as much is bare in one piece."""
MIN_TELLING_CELLS = 8
UNLIKE, UNLIKE_LOWEST, UNLIKE_HIGHEST = 0.58, 0.2, 0.75
MAYBE_MOVED = 0.85
"""Views more alike than this have not moved: nobody asks where to."""
MOVED_ALIKE, MOVED_MORE = (0.45, 0.65), (0.15, 0.35)
"""How well the best movement explains what is seen, and how much better than none; limit and what is beyond doubt."""
CLEARLY_MOVED = 0.8
MAYBE_COVERED = 0.93
"""Views more alike than this have nothing before them that is large enough."""
PIECE, REST_KEPT, SURELY_KEPT = (0.2, 0.35), (0.75, 0.9), 0.78
"""Share of the piece that shows something else, and of the cells beside it that are as ever."""
DETAIL_KEPT, NO_BARER, RATHER_MOVED = 0.3, 0.03, 0.57
"""The piece that shows something else has mostly as much detail as ever, and the picture is no barer: where a movement
explains it, nothing hangs before it."""
DETAIL_LOST, MUCH_BARER, BESIDE_KEPT = 0.5, 0.15, 0.85
"""Half of the piece is bare where there was detail, and what is beside it is as ever: no movement does that."""
MOSTLY_OTHER, QUITE_UNLIKE, OTHER_DETAIL, RATHER_BARER = 0.55, 0.2, 0.4, 0.18
"""Most of the picture shows something else, which has detail of its own: another view, not a thing before it."""
LARGE_PIECE, SHOWS_NOTHING, SHOWS_LITTLE = 0.3, 0.13, 0.35
"""A piece so large in which nothing is to be seen is no view, nor is one with little in it where what is beside it
holds."""
SHOWS_A_VIEW, ELSEWHERE = 0.6, 0.4
"""One full of things is, where nothing holds, hardly anything is like the normal and no more is bare."""
SOFTER_PX = 0.65
"""Where even the sharper edges are so much wider than usual, what is seen is right before the lens."""
DARK_SHARE, DARK_CELLS = 0.55, 0.8
"""So dark nearly everywhere, it is the light that is gone."""
KNOWN_WELL = 8
"""Pictures from which on a camera's own steadiness counts."""
ALMOST_COVERED, LITTLE_SEEN = 0.75, 0.25
"""Covered so far, there is nothing to know the view by; with so little seen beside it, no structure."""
REST_ALIKE, REST_UNLIKE = 0.45, 0.2
"""Where the uncovered part is this much like its normal, the camera has not turned: something stands before it."""
REST_SAME = 0.55
"""So great a share of the uncovered cells as bright and as detailed as ever says the same."""
AS_DETAILED, AS_BRIGHT, AS_BRIGHT_LEVELS = 0.6, 0.15, 12.0
LEAST_REST = 6
"""Cells."""
ONE_TONE, ONE_TONE_MORE = (0.55, 0.75), 0.33
"""Share of the picture that is bare and of one tone, and how much more than usual; a wall or a sky is less of one."""
SMEARED_SHARE, STILL_AS_BRIGHT = 0.68, 0.9
"""Where the covered cells are as bright as ever, and less than this share of the others kept its detail, all of the
picture is blurred."""


def judge_scene(seen: PictureStatistics, normal: LightBaseline) -> Iterator[Finding]:
    alike = match(normal.look, seen.look)
    gone = covered_cells(seen, normal, alike)
    covered = float(np.count_nonzero(gone)) / gone.size
    piece = what_stands_before(seen, normal) if alike < MAYBE_COVERED else None
    before = _by_piece(piece)
    turned = _other_view(seen, normal, alike, gone, piece) if alike < MAYBE_MOVED else None
    if turned is not None and turned.score >= USUAL_SCORE and (blank := _one_bare_tone(seen, normal)) is not None:
        yield blank
        return
    if turned is not None and turned.score >= USUAL_SCORE and _is_before_the_lens(seen, normal):
        sentence = f"{turned.because}; nothing in it is sharp"
        yield Finding(kind=FaultKind.OCCLUSION, score=turned.score, because=sentence)
        return
    if turned is not None and turned.score > 0:
        yield turned
        if turned.score >= USUAL_SCORE:
            return
    score = grade(covered, COVERED_SHARE, 2.5 * COVERED_SHARE)
    more = score > 0 and score >= before.score
    if more and not _all_blurred(seen, normal, gone) and not _all_darker(seen, normal):
        because = f"{covered:.0%} of the picture lost its detail in one piece, limit {COVERED_SHARE:.0%}"
        before = Finding(kind=FaultKind.OCCLUSION, score=score, because=because)
    if before.score > 0:
        yield before


def _one_bare_tone(seen: PictureStatistics, normal: LightBaseline) -> Finding | None:
    """So much is bare and of one tone that was not: no view, but paint or a thing right before the lens."""
    share = one_bare_tone(seen.cell_luma, seen.cell_detail)
    usual = one_bare_tone(normal.cell_luma, normal.cell_detail)
    if share < ONE_TONE[0] or share - usual < ONE_TONE_MORE or is_mostly_burnt(seen):
        return None
    because = f"{share:.0%} of the picture is bare and of one tone, limit {ONE_TONE[0]:.0%}; {usual:.0%} is usual"
    return Finding(kind=FaultKind.OCCLUSION, score=grade(share, *ONE_TONE), because=because)


def _is_before_the_lens(seen: PictureStatistics, normal: LightBaseline) -> bool:
    """Nothing is sharp where something was, and no movement of the camera explains it."""
    usual = normal.of("edge_px").centre
    soft = seen.edge_px < 0 or seen.edge_px >= usual + SOFTER_PX
    return usual >= 0 and soft and _moved(seen, normal).score < CLEARLY_MOVED


def is_in_same_light(seen: PictureStatistics, normal: LightBaseline) -> bool:
    """Something stands before it, and what is beside that is as bright as ever."""
    piece = what_stands_before(seen, normal)
    return piece.same_light and _by_piece(piece).score >= USUAL_SCORE and piece.rest_kept >= SURELY_KEPT


def _by_piece(piece: Piece | None) -> Finding:
    if piece is None:
        return Finding(kind=FaultKind.OCCLUSION, score=0.0, because="")
    score = min(grade(piece.share, *PIECE), grade(piece.rest_kept, *REST_KEPT))
    because = (
        f"{piece.share:.0%} of the picture shows something else in one piece, limit {PIECE[0]:.0%}; "
        f"{piece.rest_kept:.0%} of the rest is as ever"
    )
    return Finding(kind=FaultKind.OCCLUSION, score=score, because=because)


def _other_view(
    seen: PictureStatistics, normal: LightBaseline, alike: float, gone: NDArray[np.bool_], piece: Piece | None
) -> Finding:
    """What a movement explains clearly is another view, whatever else it looks like; else nothing stands before it."""
    before, moved = _by_piece(piece), _moved(seen, normal)
    covered = float(np.count_nonzero(gone)) / gone.size
    large = piece is not None and piece.share >= LARGE_PIECE
    barer = _barer(seen, normal)
    full = piece is not None and large and not piece.holds and piece.shows >= SHOWS_A_VIEW
    if full and alike < ELSEWHERE and barer < RATHER_BARER:
        return max(_unlike(alike, normal), moved, key=lambda finding: finding.score)
    if piece is not None and before.score >= USUAL_SCORE:
        kept_detail = covered < DETAIL_KEPT * piece.share
        if kept_detail and barer > -NO_BARER and moved.score >= RATHER_MOVED:
            return moved
        lost_detail = DETAIL_LOST * piece.share <= covered < 1.0 and piece.rest_kept >= BESIDE_KEPT
        if lost_detail and barer >= MUCH_BARER:
            return Finding(kind=FaultKind.SCENE_CHANGE, score=0.0, because="")
        mostly_other = piece.share >= MOSTLY_OTHER and alike < QUITE_UNLIKE
        if mostly_other and covered < OTHER_DETAIL * piece.share and barer < RATHER_BARER:
            return max(_unlike(alike, normal), moved, key=lambda finding: finding.score)
    if piece is not None and large and _stays(piece, moved):
        moved = Finding(kind=FaultKind.SCENE_CHANGE, score=0.0, because="")
    if moved.score >= (CLEARLY_MOVED if covered < MOSTLY_COVERED else 1.0):
        return moved
    if before.score >= USUAL_SCORE or not _has_turned(seen, normal, gone, covered):
        return Finding(kind=FaultKind.SCENE_CHANGE, score=0.0, because="")
    return max(_unlike(alike, normal), moved, key=lambda finding: finding.score)


def _stays(piece: Piece, moved: Finding) -> bool:
    """No movement shows so little where the rest holds, nor nothing at all unless it is beyond doubt."""
    return (piece.holds and piece.shows <= SHOWS_LITTLE) or (piece.shows <= SHOWS_NOTHING and moved.score < 1.0)


def _unlike(alike: float, normal: LightBaseline) -> Finding:
    limit = _unlike_limit(normal)
    because = f"the view is {alike:.2f} like the normal one, limit {limit:.2f}"
    return Finding(kind=FaultKind.SCENE_CHANGE, score=grade(alike, limit, limit - 0.25), because=because)


def _barer(seen: PictureStatistics, normal: LightBaseline) -> float:
    """How much more of the picture is bare and of one tone than usual."""
    return one_bare_tone(seen.cell_luma, seen.cell_detail) - one_bare_tone(normal.cell_luma, normal.cell_detail)


def _moved(seen: PictureStatistics, normal: LightBaseline) -> Finding:
    """Of a view that a movement explains."""
    best = best_move(normal.look, seen.look)
    score = min(grade(best.alike, *MOVED_ALIKE), grade(best.alike - best.held, *MOVED_MORE))
    because = (
        f"it is {best.alike:.2f} like the normal view {best.how}; "
        f"{best.held:.2f} like it where it was, limit {MOVED_MORE[0]:g} more"
    )
    return Finding(kind=FaultKind.SCENE_CHANGE, score=score, because=because)


def _has_turned(seen: PictureStatistics, normal: LightBaseline, gone: NDArray[np.bool_], covered: float) -> bool:
    """Nothing stands before it, or what is left beside that is not what it was."""
    if covered < COVERED_SHARE:
        return True
    rest = ~with_near(gone)
    if covered >= ALMOST_COVERED or np.count_nonzero(rest) < LEAST_REST:
        return False
    if float(np.mean((_as_detailed(seen, normal) & _as_bright(seen, normal, rest))[rest])) >= REST_SAME:
        return False
    still_seen = _open_points(gone)
    if covered >= MOSTLY_COVERED and float(still_seen.mean()) < LITTLE_SEEN:
        return True
    rest_alike = match(normal.look, seen.look, still_seen)
    return rest_alike < (REST_ALIKE if covered < MOSTLY_COVERED else REST_UNLIKE)


def _all_blurred(seen: PictureStatistics, normal: LightBaseline, gone: NDArray[np.bool_]) -> bool:
    """What seems covered only lost detail, as did the rest."""
    rest = ~gone
    telling = rest & (cells_of(normal.cell_detail) >= DETAIL_STEPS)
    if not telling.any() or not gone.any():
        return False
    alike = float(np.mean(_as_bright(seen, normal, rest)[gone])) >= STILL_AS_BRIGHT
    return alike and float(np.mean(_as_detailed(seen, normal)[telling])) < SMEARED_SHARE


def _all_darker(seen: PictureStatistics, normal: LightBaseline) -> bool:
    """What is nearly black has no detail, and nothing need stand before it."""
    before, now = cells_of(normal.cell_luma), cells_of(seen.cell_luma)
    return bool(now.mean() < DARK_SHARE * before.mean() and np.mean(now < DARK_SHARE * before) >= DARK_CELLS)


def _as_detailed(seen: PictureStatistics, normal: LightBaseline) -> NDArray[np.bool_]:
    share = (cells_of(seen.cell_detail) + DETAIL_STEPS / 2) / (cells_of(normal.cell_detail) + DETAIL_STEPS / 2)
    return np.asarray((share > AS_DETAILED) & (share < 1 / AS_DETAILED), dtype=np.bool_)


def _as_bright(seen: PictureStatistics, normal: LightBaseline, rest: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """In the light that those of `rest` are in."""
    before, now = cells_of(normal.cell_luma), cells_of(seen.cell_luma)
    gain = float(np.median((now[rest] + 1) / (before[rest] + 1)))
    away = np.abs(now - np.minimum(gain * before, 255))
    return np.asarray(away <= np.maximum(AS_BRIGHT_LEVELS, AS_BRIGHT * before), dtype=np.bool_)


def _unlike_limit(normal: LightBaseline) -> float:
    """A scene that always looks the same is missed sooner; one that varies must be quite another."""
    usual = normal.of(MATCH)
    if normal.seen >= KNOWN_WELL:
        steady = usual.centre - 8 * usual.deviation
        if steady > UNLIKE:
            return min(steady, UNLIKE_HIGHEST)
    return max(UNLIKE_LOWEST, min(UNLIKE, usual.centre - 4 * usual.deviation))


def covered_cells(seen: PictureStatistics, normal: LightBaseline, alike: float) -> NDArray[np.bool_]:
    """Largest connected part of the picture whose detail is gone while the rest has kept its own, or all of it."""
    before, now = cells_of(normal.cell_detail), cells_of(seen.cell_detail)
    telling = before >= DETAIL_STEPS
    if np.count_nonzero(telling) < MIN_TELLING_CELLS:
        return np.zeros_like(telling)
    left = now / np.maximum(before, 1)
    kept = below_which(left[telling], 0.85)
    if kept < KEPT_SHARE:
        all_gone = np.count_nonzero(left[telling] < ALL_LEFT_SHARE) >= ALL_GONE_SHARE * np.count_nonzero(telling)
        return np.full_like(telling, all_gone and alike < ALL_UNLIKE)
    gone = telling & (left < LEFT_SHARE * min(kept, 1.0)) & (before - now >= LOST_STEPS)
    if gone.any():
        gone &= (before >= SURE_DETAIL_STEPS) | changed_cells(seen, normal)[0]
    bare = now < DETAIL_STEPS
    gone |= bare & _otherwise_lit(seen, normal, telling & (left > KEPT_SHARE) & (left < 1 / KEPT_SHARE), kept)
    if np.count_nonzero(gone) < COVERED_SHARE * gone.size / 2:
        return np.zeros_like(telling)
    return largest_piece(gone, bare & ~telling)


def _otherwise_lit(
    seen: PictureStatistics, normal: LightBaseline, same: NDArray[np.bool_], kept: float
) -> NDArray[np.bool_]:
    """Cells whose brightness does not follow that of the cells that are the same as ever. None in fog: it takes detail
    and gives light, where other light gives or takes both."""
    before, now = cells_of(normal.cell_luma), cells_of(seen.cell_luma)
    if np.count_nonzero(same) < LIT_ALIKE_CELLS:
        return np.zeros_like(same)
    gain = below_which((now[same] + 1) / (before[same] + 1), 0.5)
    if kept < KEPT_FOR_LIGHT * gain:
        return np.zeros_like(same)
    other = np.abs(now - np.minimum(gain * before, 255)) > np.maximum(OTHER_LEVELS, OTHER_SHARE * before)
    return np.asarray(other & ~burnt_out(before, now), dtype=np.bool_)


def _open_points(gone: NDArray[np.bool_]) -> NDArray[np.float32]:
    """1 where a point of the look lies in a cell that is still seen, and so do the cells around it: a point is told by
    its surroundings."""
    near = with_near(gone)
    rows = np.arange(LOOK_ROWS) * GRID_ROWS // LOOK_ROWS
    columns = np.arange(LOOK_COLUMNS) * GRID_COLUMNS // LOOK_COLUMNS
    return np.asarray(~near[np.ix_(rows, columns)], dtype=np.float32)
