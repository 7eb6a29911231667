"""What changes from one picture of a sequence to the next."""

import cv2
import numpy as np

from vms.health.picture.baseline import match
from vms.health.picture.sequence import Step
from vms.media.diagnosis.decode import Picture
from vms.media.diagnosis.look import look_of
from vms.media.diagnosis.strips import BOTTOM_STRIP_SHARE, SMALL_HEIGHT_PX, SMALL_WIDTH_PX, TOP_STRIP_SHARE


def step_between(before: Picture, after: Picture) -> Step:
    """Two decoded pictures (blue, green, red); another size counts as another view."""
    one, two = _grey(before), _grey(after)
    small_one, small_two = _small(one), _small(two)
    window = cv2.createHanningWindow((SMALL_WIDTH_PX, SMALL_HEIGHT_PX), cv2.CV_32F)
    shift, sure = cv2.phaseCorrelate(_fine(small_one), _fine(small_two), window)
    change = float(cv2.mean(cv2.absdiff(one, two))[0]) if one.shape == two.shape else 255.0
    return Step(
        change_levels=change,
        right_share=float(shift[0]) / SMALL_WIDTH_PX,
        down_share=float(shift[1]) / SMALL_WIDTH_PX,
        shift_sure=float(np.clip(np.nan_to_num(sure), 0, 1)),
        alike=match(look_of(small_one), look_of(small_two)),
    )


def _grey(image: Picture) -> Picture:
    height = image.shape[0]
    first, last = round(height * TOP_STRIP_SHARE), height - round(height * BOTTOM_STRIP_SHARE)
    return np.asarray(cv2.cvtColor(np.ascontiguousarray(image[first:last]), cv2.COLOR_BGR2GRAY), dtype=np.uint8)


def _small(grey: Picture) -> Picture:
    size = (SMALL_WIDTH_PX, SMALL_HEIGHT_PX)
    return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _fine(small: Picture) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """Without slow changes of light, which would pass for no shift at all."""
    values = small.astype(np.float32)
    return np.asarray(values - cv2.GaussianBlur(values, (0, 0), 6), dtype=np.float32)
