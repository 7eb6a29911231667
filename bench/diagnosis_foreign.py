"""Faults as a second hand would make them: other formulas than those that limits were first fitted with."""

import math

import cv2
import numpy as np
from diagnosis_made import GONE, Chance, Made, Picture, about, clip, coded, covered, in_blocks, on_every, px, turned
from numpy.typing import NDArray


def _gaussian(image: Picture, strength: float, chance: Chance) -> Picture:
    return np.asarray(cv2.GaussianBlur(image, (0, 0), px(image, strength)), dtype=np.uint8)


def _box(image: Picture, strength: float, chance: Chance) -> Picture:
    side = max(2, round(px(image, strength)))
    return np.asarray(cv2.blur(image, (side, side)), dtype=np.uint8)


def _motion(image: Picture, strength: float, chance: Chance) -> Picture:
    side = max(3, round(px(image, strength)) | 1)
    kernel = np.zeros((side, side), np.float32)
    kernel[side // 2] = 1
    turn = cv2.getRotationMatrix2D((side / 2 - 0.5, side / 2 - 0.5), chance.uniform(0, 180), 1)
    kernel = cv2.warpAffine(kernel, turn, (side, side))
    return np.asarray(cv2.filter2D(image, -1, kernel / kernel.sum()), dtype=np.uint8)


def _gaussian_noise(image: Picture, strength: float, chance: Chance) -> Picture:
    return clip(image + chance.normal(0, strength, image.shape))


def _grey_noise(image: Picture, strength: float, chance: Chance) -> Picture:
    return clip(image + chance.normal(0, strength, image.shape[:2])[..., None])


def _speckle(image: Picture, strength: float, chance: Chance) -> Picture:
    return clip(image * (1 + chance.normal(0, strength, image.shape)))


def _salt(image: Picture, strength: float, chance: Chance) -> Picture:
    made, dice = image.copy(), chance.random(image.shape[:2])
    made[dice < strength / 2] = 0
    made[dice > 1 - strength / 2] = 255
    return made


def _factor(image: Picture, strength: float, chance: Chance) -> Picture:
    return clip(image.astype(np.float32) * strength)


def _gamma(image: Picture, strength: float, chance: Chance) -> Picture:
    return clip(255 * (image.astype(np.float32) / 255) ** strength)


def _offset(image: Picture, strength: float, chance: Chance) -> Picture:
    return clip(image.astype(np.float32) + strength)


def _contrast(image: Picture, strength: float, chance: Chance) -> Picture:
    return about(image, float(image.mean()), strength)


def _veil(image: Picture, strength: float, chance: Chance) -> Picture:
    return clip(image.astype(np.float32) * (1 - strength) + chance.uniform(120, 200) * strength)


def _channel_gain(image: Picture, strength: float, chance: Chance) -> Picture:
    gains = np.ones(3)
    gains[chance.integers(3)] = strength
    return clip(image * gains)


def _channel_added(image: Picture, strength: float, chance: Chance) -> Picture:
    added = np.zeros(3)
    added[chance.integers(3)] = strength
    return clip(image + added)


def _warm_cold(image: Picture, strength: float, chance: Chance) -> Picture:
    way = 1 if chance.random() < 0.5 else -1
    return clip(image * np.array([1 + way * strength, 1, 1 - way * strength]))


def _channel_dead(image: Picture, strength: float, chance: Chance) -> Picture:
    made = image.copy()
    made[..., int(strength)] = 0
    return made


def _grey(image: Picture, strength: float, chance: Chance) -> Picture:
    return np.asarray(cv2.cvtColor(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR), dtype=np.uint8)


def _unsaturated(image: Picture, strength: float, chance: Chance) -> Picture:
    hsv = cv2.cvtColor(image, cv2.COLOR_BGR2HSV)
    hsv[..., 1] = (hsv[..., 1] * strength).astype(np.uint8)
    return np.asarray(cv2.cvtColor(hsv, cv2.COLOR_HSV2BGR), dtype=np.uint8)


def _blocks(image: Picture, strength: float, chance: Chance) -> Picture:
    return in_blocks(image, max(2, round(px(image, strength))))


def _coarse_jpeg(image: Picture, strength: float, chance: Chance) -> Picture:
    """Of so low a quality; scaled so that blocks are as large on every size."""
    size = (640, max(16, round(image.shape[0] * 640 / image.shape[1])))
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    coarse = coded(np.asarray(small, dtype=np.uint8), int(strength))
    return np.asarray(cv2.resize(coarse, image.shape[1::-1], interpolation=cv2.INTER_NEAREST), dtype=np.uint8)


def _torn_blocks(image: Picture, strength: float, chance: Chance) -> Picture:
    """So great a share of the macroblocks shows something else: what lost packets leave."""
    made, side = image.copy(), max(8, round(px(image, 16)))
    rows, columns = image.shape[0] // side, image.shape[1] // side
    for row in range(rows):
        for column in range(columns):
            if chance.random() < strength:
                top, left = int(chance.integers(rows)) * side, int(chance.integers(columns)) * side
                here = made[row * side : (row + 1) * side, column * side : (column + 1) * side]
                here[:] = image[top : top + side, left : left + side]
    return made


def _waves(image: Picture, strength: float, chance: Chance) -> Picture:
    height, width = image.shape[:2]
    upright = bool(chance.integers(2))
    places = np.arange(width if upright else height)
    wave = strength * np.sin(2 * np.pi * places / px(image, chance.uniform(6, 24)) + chance.uniform(0, 6))
    return clip(image + (wave[None, :, None] if upright else wave[:, None, None]))


def _hard_lines(image: Picture, strength: float, chance: Chance) -> Picture:
    """Every so many rows or columns lines that are darker or brighter by so many levels."""
    made = image.astype(np.float32)
    spacing, thick = max(6, round(px(image, chance.uniform(8, 28)))), max(2, round(px(image, 3)))
    upright, added = chance.random() < 0.5, strength * (1 if chance.random() < 0.5 else -1)
    if upright:
        made[:, on_every(spacing, thick, image.shape[1])] += added
    else:
        made[on_every(spacing, thick, image.shape[0])] += added
    return clip(made)


def _rolling_bands(image: Picture, strength: float, chance: Chance) -> Picture:
    height = image.shape[0]
    bands = chance.uniform(4, 10)
    wave = np.sin(2 * np.pi * (np.arange(height) / height * bands + chance.random()))
    return clip(image + strength * wave[:, None, None])


def _mask(image: Picture, share: float, chance: Chance) -> NDArray[np.float32]:
    """One piece of so great a share: a rectangle from a side or in the middle, or a disc."""
    height, width = image.shape[:2]
    mask = np.zeros((height, width), np.float32)
    way = int(chance.integers(4))
    if share >= 1:
        mask[:] = 1
    elif way == 0:
        mask[:, : int(width * share)] = 1
    elif way == 1:
        mask[: int(height * share)] = 1
    elif way == 2:
        wide, tall = int(width * math.sqrt(share)), int(height * math.sqrt(share))
        left, top = int(chance.integers(width - wide + 1)), int(chance.integers(height - tall + 1))
        mask[top : top + tall, left : left + wide] = 1
    else:
        radius = math.sqrt(share * width * height / math.pi)
        rows, columns = np.mgrid[:height, :width]
        mask[(rows - height / 2) ** 2 + (columns - width / 2) ** 2 < radius**2] = 1
    return mask


def _patch(image: Picture, strength: float, chance: Chance) -> Picture:
    """Hard-edged, of one colour, without any noise."""
    made = image.copy()
    tone = int(chance.choice([0, 30, 90, 128, 180]))
    made[_mask(image, strength, chance) > 0.5] = (tone, tone, tone)
    return made


def _near_object(image: Picture, strength: float, chance: Chance) -> Picture:
    """A hand or a leaf before the lens: coloured, soft-edged, slightly shaded."""
    soft = cv2.GaussianBlur(_mask(image, strength, chance), (0, 0), px(image, 12))
    colour = np.array([(70, 100, 150), (40, 110, 60), (60, 60, 70), (120, 140, 170)][int(chance.integers(4))])
    shade = cv2.resize(chance.uniform(0.8, 1.2, (4, 5)).astype(np.float32), image.shape[1::-1])[..., None]
    return covered(image, soft, colour * shade + chance.normal(0, 2, image.shape))


def _smeared(image: Picture, strength: float, chance: Chance) -> Picture:
    """Grease or a drop: the part behind it is only a blur."""
    mask = cv2.GaussianBlur(_mask(image, strength, chance), (0, 0), px(image, 4))
    return covered(image, mask, cv2.GaussianBlur(image, (0, 0), px(image, 20)))


def _sprayed(image: Picture, strength: float, chance: Chance) -> Picture:
    """Overlapping blots of one colour until so great a share is painted."""
    height, width = image.shape[:2]
    paint = np.zeros((height, width), np.float32)
    for _ in range(400):
        if paint.mean() >= strength:
            break
        spot = (int(chance.normal(width / 2, width / 5)), int(chance.normal(height / 2, height / 5)))
        cv2.circle(paint, spot, int(px(image, chance.uniform(20, 70))), 1.0, -1)
    return covered(image, 0.96 * cv2.GaussianBlur(paint, (0, 0), px(image, 3)), chance.uniform(0, 200, 3))


def _shifted(image: Picture, strength: float, chance: Chance) -> Picture:
    height, width = image.shape[:2]
    way = chance.uniform(0, 2 * np.pi)
    move = np.array([[1, 0, strength * width * math.cos(way)], [0, 1, strength * height * math.sin(way)]])
    return np.asarray(cv2.warpAffine(image, move, (width, height), borderMode=cv2.BORDER_REFLECT), dtype=np.uint8)


def _turned(image: Picture, strength: float, chance: Chance) -> Picture:
    return turned(image, strength, cv2.BORDER_REFLECT, chance)


def _zoomed(image: Picture, strength: float, chance: Chance) -> Picture:
    height, width = image.shape[:2]
    wide, tall = int(width / strength), int(height / strength)
    left, top = (width - wide) // 2, (height - tall) // 2
    return np.asarray(cv2.resize(image[top : top + tall, left : left + wide], (width, height)), dtype=np.uint8)


def _mirrored(image: Picture, strength: float, chance: Chance) -> Picture:
    """0 left and right, 1 up and down."""
    return np.ascontiguousarray(image[::-1] if strength else image[:, ::-1])


def _lost(image: Picture, strength: float, chance: Chance) -> Picture:
    """0 black, 1 blue, 2 grey, 3 green, 4 black with a word, 5 blue with a word, 6 black with a little noise."""
    colours = [(0, 0, 0), (255, 0, 0), (127, 127, 127), (0, 160, 0), (0, 0, 0), (180, 20, 10), (4, 4, 4)]
    lost = np.full_like(image, colours[int(strength)])
    if strength in {4, 5}:
        size, where = image.shape[1] / 500, (image.shape[1] // 4, image.shape[0] // 2)
        cv2.putText(lost, "VIDEO LOSS", where, cv2.FONT_HERSHEY_DUPLEX, size, (255, 255, 255), max(1, int(2 * size)))
    return clip(lost + chance.normal(0, 1, image.shape)) if strength == 6 else lost


def _bars(image: Picture, strength: float, chance: Chance) -> Picture:
    """0: eight full bars; 1: seven bars above a row of other bars, as broadcasters send them."""
    white = (235, 235, 235)
    full = [white, (16, 235, 235), (235, 235, 16), (16, 235, 16), (235, 16, 235), (16, 16, 235), (235, 16, 16)]
    bars = np.array([*full, (16, 16, 16)] if not strength else [[c * 0.75 for c in bar] for bar in full])
    made = np.zeros_like(image)
    made[:] = bars[np.arange(image.shape[1]) * len(bars) // image.shape[1]]
    if strength:
        below = np.array([(16, 16, 16), (235, 235, 235), (60, 20, 20), (16, 16, 16), (40, 40, 40), (16, 16, 16)])
        made[image.shape[0] * 3 // 4 :] = below[np.arange(image.shape[1]) * 6 // image.shape[1]]
    return made


def _only_snow(image: Picture, strength: float, chance: Chance) -> Picture:
    grain = chance.integers(0, 256, image.shape[:2] if strength else image.shape).astype(np.uint8)
    return np.repeat(grain[..., None], 3, axis=2) if strength else grain


_BLANK = frozenset({"too_dark", "occlusion", "low_contrast", "mono"})
FOREIGN = (
    Made(kind="signal_lost", way="screen", strengths=(0, 1, 2, 3, 4, 5, 6), marked=0, make=_lost, also=_BLANK),
    Made(kind="signal_lost", way="bars", strengths=(0, 1), marked=0, make=_bars, also=frozenset({"scene_change"})),
    Made(kind="snow", way="only", strengths=(0, 1), marked=0, make=_only_snow, same=frozenset({"signal_lost"})),
    Made(kind="too_dark", way="factor", strengths=(0.3, 0.2, 0.1, 0.05), marked=0.2, make=_factor),
    Made(kind="too_dark", way="gamma", strengths=(3, 5, 8), marked=5, make=_gamma, also=frozenset({"low_contrast"})),
    Made(kind="too_bright", way="gain", strengths=(2, 3, 5), marked=3, make=_factor),
    Made(
        kind="too_bright",
        way="offset",
        strengths=(80, 120, 160),
        marked=120,
        make=_offset,
        also=frozenset({"low_contrast"}),
    ),
    Made(
        kind="too_bright",
        way="gamma",
        strengths=(0.4, 0.2, 0.12),
        marked=0.2,
        make=_gamma,
        also=frozenset({"low_contrast"}),
    ),
    Made(kind="low_contrast", way="about the mean", strengths=(0.4, 0.3, 0.2, 0.1), marked=0.3, make=_contrast),
    Made(kind="low_contrast", way="veil", strengths=(0.6, 0.75, 0.85), marked=0.75, make=_veil),
    Made(kind="blur", way="gaussian", strengths=(1, 1.5, 2, 3, 5, 10), marked=2, make=_gaussian),
    Made(kind="blur", way="box", strengths=(5, 9, 15), marked=9, make=_box),
    Made(kind="blur", way="motion", strengths=(9, 15, 25), marked=15, make=_motion),
    Made(kind="color_cast", way="gain", strengths=(1.3, 1.5, 2), marked=1.5, make=_channel_gain, alone=False),
    Made(kind="color_cast", way="added", strengths=(25, 40, 60, 90), marked=40, make=_channel_added, alone=False),
    Made(kind="color_cast", way="warm or cold", strengths=(0.2, 0.3, 0.5), marked=0.3, make=_warm_cold, alone=False),
    Made(kind="color_cast", way="dead channel", strengths=(0, 1, 2), marked=0, make=_channel_dead, alone=False),
    Made(kind="mono", way="grey", strengths=(1,), marked=1, make=_grey, alone=False),
    Made(kind="mono", way="saturation", strengths=(0.2, 0.05, 0.0), marked=0.05, make=_unsaturated, alone=False),
    Made(kind="noise", way="gaussian", strengths=(10, 15, 25, 50), marked=25, make=_gaussian_noise),
    Made(kind="noise", way="grey", strengths=(10, 15, 25, 50), marked=15, make=_grey_noise),
    Made(kind="noise", way="times", strengths=(0.1, 0.2, 0.4), marked=0.4, make=_speckle),
    Made(
        kind="snow",
        way="salt",
        strengths=(0.02, 0.05, 0.1, 0.2, 0.4),
        marked=0.1,
        make=_salt,
        same=frozenset({"noise"}),
    ),
    Made(kind="stripe", way="waves", strengths=(10, 20, 40), marked=20, make=_waves),
    Made(kind="stripe", way="hard lines", strengths=(25, 50, 120), marked=50, make=_hard_lines),
    Made(kind="stripe", way="rolling", strengths=(20, 40, 60), marked=40, make=_rolling_bands),
    Made(
        kind="occlusion", way="patch", strengths=(0.2, 0.3, 0.5, 0.8), marked=0.3, make=_patch, also=GONE, alone=False
    ),
    Made(
        kind="occlusion",
        way="near object",
        strengths=(0.3, 0.5, 0.8, 1.0),
        marked=0.3,
        make=_near_object,
        also=GONE,
        alone=False,
    ),
    Made(
        kind="occlusion",
        way="smeared",
        strengths=(0.3, 0.5, 0.8),
        marked=0.5,
        make=_smeared,
        same=frozenset({"blur"}),
        alone=False,
    ),
    Made(kind="occlusion", way="sprayed", strengths=(0.3, 0.5, 0.8), marked=0.5, make=_sprayed, also=GONE, alone=False),
    Made(kind="scene_change", way="shift", strengths=(0.05, 0.1, 0.15, 0.3), marked=0.15, make=_shifted, alone=False),
    Made(kind="scene_change", way="turn", strengths=(5, 10, 20, 90), marked=20, make=_turned, alone=False),
    Made(kind="scene_change", way="zoom", strengths=(1.2, 1.5, 2), marked=1.5, make=_zoomed, alone=False),
    Made(kind="scene_change", way="mirror", strengths=(0, 1), marked=0, make=_mirrored, alone=False),
    Made(kind="mosaic", way="blocks", strengths=(6, 8, 16, 32), marked=8, make=_blocks),
    Made(
        kind="mosaic",
        way="jpeg",
        strengths=(10, 5, 2),
        marked=5,
        make=_coarse_jpeg,
        also=frozenset({"color_cast", "low_contrast"}),
    ),
    Made(
        kind="mosaic",
        way="torn",
        strengths=(0.15, 0.3, 0.5),
        marked=0.3,
        make=_torn_blocks,
        also=frozenset({"scene_change", "occlusion"}),
    ),
)
