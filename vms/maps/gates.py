"""Gates of units: entrances and gates that OpenStreetMap has on the outline of a school, a hospital, a station."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from vms.core.geo import Wgs84
from vms.maps.tags import key_category
from vms.places.town import Place, PlaceKind

GATES = frozenset({"gate", "lift_gate", "swing_gate", "sliding_gate", "entrance"})
MOST_KEPT = 300_000
"""Points that wait for the area they may belong to; more are taken as they are."""
SCHOOLS = frozenset({"school", "kindergarten", "college", "university"})
FENCED = SCHOOLS | {"hospital", "townhall", "courthouse", "police", "prison", "government", "stadium", "station"}
"""Units whose gates are watched."""
_MAIN = "main"


class Gates:
    """Points of an extract come before its areas: they wait."""

    def __init__(self) -> None:
        self._entrances: dict[int, Place] = {}
        self._others: dict[int, tuple[Wgs84, str]] = {}

    def keep(self, node_id: int, entrance: Place) -> bool:
        """False: nobody waits for it."""
        if len(self._entrances) >= MOST_KEPT:
            return False
        self._entrances[node_id] = entrance
        return True

    def note(self, node_id: int, position: Wgs84, name: str) -> None:
        """A gate in some fence: an entrance only where it is a unit's."""
        if len(self._others) < MOST_KEPT and node_id not in self._entrances:
            self._others[node_id] = (position, name)

    def belong_to(self, area: Any) -> None:
        """To a unit: a gate of a school says so, of another unit it is a main entrance."""
        category = key_category(area.tags)
        if category not in FENCED or not (self._entrances or self._others):
            return
        called = category if category in SCHOOLS else _MAIN
        for outer in area.outer_rings():
            for node in outer:
                if (known := self._entrances.get(node.ref)) is not None:
                    self._entrances[node.ref] = replace(known, category=called)
                elif (other := self._others.pop(node.ref, None)) is not None:
                    position, name = other
                    self._entrances[node.ref] = Place(
                        kind=PlaceKind.ENTRANCE,
                        name=name or "entrance",
                        position=position,
                        category=called,
                        source_id=f"n{node.ref}",
                    )

    def places(self) -> Iterator[Place]:
        yield from self._entrances.values()
