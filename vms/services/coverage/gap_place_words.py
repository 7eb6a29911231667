"""Where on its street a gap lies, in words, English and Chinese; in Chinese the same as on the screen."""

from vms.coverage.gap_place import Compass, GapPlace

_POINTS = {
    Compass.NORTH: ("north", "北"),
    Compass.NORTH_EAST: ("north-east", "东北"),
    Compass.EAST: ("east", "东"),
    Compass.SOUTH_EAST: ("south-east", "东南"),
    Compass.SOUTH: ("south", "南"),
    Compass.SOUTH_WEST: ("south-west", "西南"),
    Compass.WEST: ("west", "西"),
    Compass.NORTH_WEST: ("north-west", "西北"),
}


def gap_place_words(place: GapPlace) -> tuple[str, str]:
    """Empty for a place."""
    if place == GapPlace():
        return "", ""
    told = [_where(place)]
    if place.side is not None:
        english, chinese = _POINTS[place.side]
        told.append((f"{english} side", f"{chinese}侧"))
    return ", ".join(words[0] for words in told), "，".join(words[1] for words in told)


def _where(place: GapPlace) -> tuple[str, str]:
    begin, end, street = f"{place.from_m:.0f}", f"{place.to_m:.0f}", place.crossing
    if not street:
        return f"{begin}–{end} m along it", f"沿线{begin}–{end}米"
    if place.way is None:
        return (
            f"over the corner of {street}, {begin} m and {end} m from it",
            f"跨{street}路口，两端距路口{begin}米、{end}米",
        )
    english, chinese = _POINTS[place.way]
    return f"{begin}–{end} m {english} of {street}", f"{street}路口以{chinese}{begin}–{end}米"
