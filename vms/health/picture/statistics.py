"""What one still looks like in figures: all that picture diagnosis may know of it."""

from dataclasses import dataclass, field

GRID_COLUMNS, GRID_ROWS = 16, 9
"""Cells in which brightness and detail are kept."""
LOOK_COLUMNS, LOOK_ROWS = 40, 22
"""Points of the still's structure: small enough to keep for each camera, fine enough to know the scene again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureStatistics:
    """Of a still at most 640 px wide; luma in 0 … 255."""

    width_px: int
    height_px: int
    darkest: float
    """Luma below which 1 % lies; `dark` 5 %, `middle` half, `bright` 95 %, `brightest` 99 %. Without the strips."""
    dark: float
    middle: float
    bright: float
    brightest: float
    mean_luma: float
    std_luma: float
    burnt_share: float
    """Pixels of luma 250 and more."""
    one_colour_share: float
    """Cells that are the commonest colour within coding noise."""
    along_columns: float
    """Mean luma step from row to row in the upper two thirds: nearly none in colour bars."""
    tint_a: float
    """Mean CIELAB a, b of the picture: how far its average is from grey, and where to."""
    tint_b: float
    chroma: float
    """Mean distance from grey."""
    grey_tint: float
    """Distance from grey that the least coloured tenth of the middle tones has: high where nothing is grey."""
    same_hue: float
    """0 … 1: 1 where all colour points one way."""
    edge_px: float
    """How wide the sharper edges are (sigma of an equal Gaussian blur); -1 where there are none to tell."""
    detail: float
    """Root mean square gradient, levels per pixel."""
    noise: float
    """Sigma of noise in the quieter quarter, in levels."""
    noise_fineness: float
    """That noise against the same at half the size: about 2 for noise of single pixels, 1 or less for texture."""
    speckle_share: float
    """Pixels more than 40 levels away from their neighbours' median."""
    unrest_share: float
    """Pixels 12 … 40 levels away: noise has more of these, snow hardly any."""
    grain_share: float
    """Pixels more than 8 levels away: strong noise leaves hardly one where it was, snow leaves most."""
    stripe_rows: float
    """Amplitude in levels of what all columns share row by row (horizontal stripes); `stripe_columns` the other way."""
    stripe_columns: float
    row_coherence: float
    """0 … 1: how equal that is from side to side."""
    column_coherence: float
    row_peak: float
    """0 … 1: share of its power at one spacing, or how alike it is to itself one spacing further."""
    column_peak: float
    band_rows: float
    """The same three of wide horizontal bands."""
    band_coherence: float
    band_peak: float
    mosaic: float
    """0 … 1: how exactly edges repeat at one spacing both across and down."""
    mosaic_px: int
    """That spacing."""
    mosaic_step: float
    """How many times stronger the steps on that grid are than those between."""
    flat_share: float
    """Cells without any detail."""
    cell_luma: bytes = field(repr=False)
    """GRID_COLUMNS × GRID_ROWS, row by row."""
    cell_detail: bytes = field(repr=False)
    """The same: root mean square gradient × 4, at most 255."""
    look: bytes = field(repr=False)
    """LOOK_COLUMNS × LOOK_ROWS signed bytes: brightness against the surroundings, row by row."""
    text_share: float | None = None
    """Where the place text's region is known: share of its pixels that lie on strokes as writing has them."""
    lowest: float = 0.0
    """Luma below which one pixel in a thousand lies, and above which one lies."""
    highest: float = 255.0
    lean: float = 0.0
    """Logarithm of the gradient's energy across over that down: what smears one way takes one of them."""
    mosaic_straight: float = 0.0
    """`mosaic` of straight thin edges alone, where there is a grid worth asking."""
    coding_step: float = 0.0
    """Levels by which the file's brightness was rounded when it was coded; 0: not told."""
    coding_grid_px: float = 0.0
    """How far apart the borders of the file's own blocks are; 0: it has none."""
    own_grid_share: float | None = None
    """Share of the borders of those blocks that can be seen, beyond what the scene has elsewhere; None: not told."""
    flat_beside_letters: float = 0.0
    """Share of one flat tone where all the rest is a line of letters; 0: there is something else."""

    @property
    def contrast(self) -> float:
        return self.bright - self.dark
