"""A camera's head by ONVIF PTZ: where it says it is, its presets, whether it tours, and telling it to move."""

from dataclasses import dataclass, replace
from itertools import islice
from math import isfinite
from xml.sax.saxutils import escape, quoteattr

from vms.core.visible import one_line
from vms.devices.configure.hand import Hand
from vms.devices.onvif.client import CallRefused
from vms.devices.onvif.operations import Operation, Service
from vms.devices.onvif.xml import Element, anywhere, attribute, everywhere, text, words
from vms.health.turning import Position, Preset

_PTZ = Service.PTZ.value
_SCHEMA = "http://www.onvif.org/ver10/schema"
MOST_PRESETS = 512
LONGEST_TOKEN = 64
LONGEST_NAME = 100
LONGEST_SPACE = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadNow:
    position: Position | None
    moving: bool


async def read_head(hand: Hand, profile: str) -> HeadNow:
    """Raises what OnvifClient.call raises."""
    answer = await hand.ask(_operation("GetStatus", _token(profile)))
    moves = {text(anywhere(answer, "MoveStatus"), name).upper() for name in ("PanTilt", "Zoom")}
    return HeadNow(position=_position(anywhere(answer, "Position")), moving="MOVING" in moves)


async def read_presets(hand: Hand, profile: str) -> tuple[Preset, ...]:
    """Each token once; longer ones than ONVIF allows are left out. Raises what OnvifClient.call raises, but a
    refusal."""
    try:
        answer = await hand.ask(_operation("GetPresets", _token(profile)))
    except CallRefused:
        return ()
    found: dict[str, Preset] = {}
    for one in islice(everywhere(answer, "Preset"), MOST_PRESETS):
        token = attribute(one, "token")
        if token and len(token) <= LONGEST_TOKEN and token == one_line(token):
            name = words(one, "Name")[:LONGEST_NAME] or token
            found.setdefault(token, Preset(token=token, name=name, at=_position(anywhere(one, "PTZPosition"))))
    return tuple(found.values())


async def is_touring(hand: Hand, profile: str) -> bool:
    """A device that knows no tours runs none. Raises what OnvifClient.call raises, but a refusal."""
    try:
        answer = await hand.ask(_operation("GetPresetTours", _token(profile)))
    except CallRefused:
        return False
    return any(text(one).lower() == "touring" for one in everywhere(answer, "State"))


async def move_to(hand: Hand, profile: str, where: Position) -> None:
    """Raises ChangeRefused, NotSent, AnswerLost, as the others below do."""
    await hand.send(_operation("AbsoluteMove", f"{_token(profile)}<o:Position>{_vector(where)}</o:Position>"))


async def move_by(hand: Hand, profile: str, by: Position) -> None:
    space = by.space.replace("Position", "Translation")
    translation = _vector(replace(by, space=space))
    await hand.send(_operation("RelativeMove", f"{_token(profile)}<o:Translation>{translation}</o:Translation>"))


async def go_to_preset(hand: Hand, profile: str, preset: str) -> None:
    token = f"<o:PresetToken>{escape(preset)}</o:PresetToken>"
    await hand.send(_operation("GotoPreset", f"{_token(profile)}{token}"))


def _operation(name: str, inner: str) -> Operation:
    return Operation(Service.PTZ, name, f'<o:{name} xmlns:o="{_PTZ}" xmlns:tt="{_SCHEMA}">{inner}</o:{name}>')


def _token(profile: str) -> str:
    return f"<o:ProfileToken>{escape(profile)}</o:ProfileToken>"


def _vector(where: Position) -> str:
    zoom = "" if where.zoom is None else f'<tt:Zoom x="{where.zoom:.4f}"/>'
    space = f" space={quoteattr(where.space)}" if where.space else ""
    return f'<tt:PanTilt x="{where.pan:.4f}" y="{where.tilt:.4f}"{space}/>{zoom}'


def _position(element: Element | None) -> Position | None:
    flat, zoom = anywhere(element, "PanTilt"), anywhere(element, "Zoom")
    pan, tilt = _number(flat, "x"), _number(flat, "y")
    if pan is None or tilt is None:
        return None
    return Position(pan=pan, tilt=tilt, zoom=_number(zoom, "x"), space=_degrees(attribute(flat, "space")))


def _degrees(space: str) -> str:
    """Its name, where it is one of degrees: else a small angle would be read as a large part of a turn."""
    is_one = "degrees" in space.lower() and len(space) <= LONGEST_SPACE and space == one_line(space)
    return space if is_one else ""


def _number(element: Element | None, name: str) -> float | None:
    try:
        value = float(attribute(element, name))
    except ValueError:
        return None
    return value if isfinite(value) and abs(value) <= 1e6 else None
