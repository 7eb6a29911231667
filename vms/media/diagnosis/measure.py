"""One pass over a still: decoded small, everything that diagnosis asks for measured once."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from vms.health.picture.statistics import PictureStatistics
from vms.media.diagnosis.blank_screen import flat_beside_letters
from vms.media.diagnosis.colour import measure_colour
from vms.media.diagnosis.decode import Decoded, Picture, decode_still
from vms.media.diagnosis.detail import measure_detail
from vms.media.diagnosis.look import look_of
from vms.media.diagnosis.own_grid import own_grid_share
from vms.media.diagnosis.pattern import Stripes, measure_mosaic, measure_stripes
from vms.media.diagnosis.strips import BOTTOM_STRIP_SHARE, SMALL_HEIGHT_PX, SMALL_WIDTH_PX, TOP_STRIP_SHARE
from vms.media.diagnosis.writing import Region, share_of_strokes

Floats = NDArray[np.float32]
BURNT_FROM = 250
ONE_COLOUR_WITHIN = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredStill:
    statistics: PictureStatistics


def measure_still(data: bytes, osd: Region | None = None) -> MeasuredStill:
    """About two milliseconds besides decoding. Raises `PictureFailed(not_a_picture)`."""
    return measure_decoded(decode_still(data), osd)


def measure_decoded(still: Decoded, osd: Region | None = None) -> MeasuredStill:
    found = measure_image(still.picture, osd).statistics
    told = replace(
        found,
        coding_step=still.coding_step,
        coding_grid_px=still.coding_grid_px,
        own_grid_share=own_grid_share(still),
    )
    return MeasuredStill(statistics=told)


def measure_image(image: Picture, osd: Region | None = None) -> MeasuredStill:
    """`image`: blue, green, red, at most 640 px wide."""
    luma = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), dtype=np.uint8)
    height, width = luma.shape
    first, last = round(height * TOP_STRIP_SHARE), height - round(height * BOTTOM_STRIP_SHARE)
    scene = np.ascontiguousarray(luma[first:last])
    every_second = np.ascontiguousarray(scene[::2])
    counts = np.asarray(cv2.calcHist([every_second], [0], None, [256], [0, 256]), dtype=np.float64).ravel()
    shares = counts / counts.sum()
    lowest, darkest, dark, middle, bright, brightest, highest = np.searchsorted(
        np.cumsum(shares), (0.001, 0.01, 0.05, 0.5, 0.95, 0.99, 0.999)
    )
    mean = float(shares @ _LEVELS)
    colour = measure_colour(np.ascontiguousarray(image[first:last]))
    rows, columns, bands = measure_stripes(scene)
    mosaic = measure_mosaic(scene)
    small = np.asarray(
        cv2.resize(luma, (SMALL_WIDTH_PX, SMALL_HEIGHT_PX), interpolation=cv2.INTER_AREA), dtype=np.uint8
    )
    detail = measure_detail(luma, small)
    statistics = PictureStatistics(
        width_px=width,
        height_px=height,
        darkest=float(darkest),
        dark=float(dark),
        middle=float(middle),
        bright=float(bright),
        brightest=float(brightest),
        lowest=float(lowest),
        highest=float(highest),
        mean_luma=mean,
        std_luma=float(np.sqrt(max(0.0, float(shares @ _LEVELS**2) - mean**2))),
        burnt_share=float(shares[BURNT_FROM:].sum()),
        one_colour_share=colour.one_colour_share,
        flat_beside_letters=flat_beside_letters(scene, counts),
        along_columns=detail.along_columns,
        tint_a=colour.tint_a,
        tint_b=colour.tint_b,
        chroma=colour.chroma,
        grey_tint=colour.grey_tint,
        same_hue=colour.same_hue,
        edge_px=detail.edge_px,
        detail=detail.detail,
        lean=detail.lean,
        noise=detail.noise,
        noise_fineness=detail.noise_fineness,
        speckle_share=detail.speckle_share,
        unrest_share=detail.unrest_share,
        grain_share=detail.grain_share,
        mosaic=mosaic.repeats,
        mosaic_px=mosaic.spacing_px,
        mosaic_step=mosaic.step,
        mosaic_straight=mosaic.straight,
        flat_share=detail.flat_share,
        cell_luma=detail.cell_luma,
        cell_detail=detail.cell_detail,
        look=look_of(small),
        text_share=share_of_strokes(luma, osd) if osd else None,
        **_stripe_fields(rows, columns, bands),
    )
    return MeasuredStill(statistics=statistics)


def _stripe_fields(rows: Stripes, columns: Stripes, bands: Stripes) -> dict[str, float]:
    return {
        "stripe_rows": rows.amplitude,
        "row_coherence": rows.coherence,
        "row_peak": rows.peak,
        "stripe_columns": columns.amplitude,
        "column_coherence": columns.coherence,
        "column_peak": columns.peak,
        "band_rows": bands.amplitude,
        "band_coherence": bands.coherence,
        "band_peak": bands.peak,
    }


_LEVELS = np.arange(256, dtype=np.float64)
