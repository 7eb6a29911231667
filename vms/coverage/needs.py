"""Demand as data: per class of ground and area how many views of which density, when, and what it is worth.

The rules are read in order and the first that fits a sample decides; ground that no rule names is not asked for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NoReturn

from vms.core.errors import BadInput
from vms.coverage.density import IEC_62676_4_2014, PROFILES, DensityProfile
from vms.coverage.ground import ENTRANCES, GROUNDS, LINES, Ground

MOST_RULES = 500
MOST_KINDS = 50
MOST_VIEWS = 8
MOST_WEIGHT = 1000.0
MOST_BESIDE_M = 200.0
FINEST_PX_PER_M = 5000.0
_TEXT = 80


class When(StrEnum):
    ALWAYS = "always"
    DAY = "day"
    NIGHT = "night"


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedRule:
    ground: Ground
    px_per_m: float
    """0: this ground is not asked for here."""
    kinds: tuple[str, ...] = ()
    """Kinds of road, or categories of place; empty: all."""
    area: str = ""
    """Code of a region, with all below it; empty: everywhere."""
    views: int = 1
    """Different cameras."""
    when: When = When.ALWAYS
    weight: float = 1.0
    """Of a metre of road, or of a place as so many metres."""
    each_side: bool = True
    """Of roads: both sides are asked for, else the middle."""
    beside_m: float = 0.0
    """Of entrances: so much of the road to its left and to its right is asked for too."""
    target: float | None = None
    """0 … 1: the rate to be reached; None: none is set."""

    def fits(self, ground: Ground, kind: str, areas: Sequence[str]) -> bool:
        """`areas`: the region of the ground with all above it."""
        return (
            self.ground is ground and (not self.kinds or kind in self.kinds) and (not self.area or self.area in areas)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentWeight:
    """What happened near by in the last days makes ground worth more: 1 + step × incidents, at most `most`."""

    days: int = 90
    radius_m: float = 100.0
    step: float = 0.25
    most: float = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    profile: DensityProfile
    rules: tuple[NeedRule, ...]
    incidents: IncidentWeight = IncidentWeight()

    def rule_for(self, ground: Ground, kind: str, areas: Sequence[str] = ()) -> int | None:
        """The number of the rule that decides; None: nobody asks."""
        number = next((i for i, rule in enumerate(self.rules) if rule.fits(ground, kind, areas)), None)
        return None if number is None or self.rules[number].px_per_m <= 0.0 else number


def needs_of_document(document: object) -> Needs:
    """From TOML or JSON. Raises BadInput that names the rule and the field."""
    table = _table(document, "rules of demand", {"edition", "incidents", "rule"})
    edition = table.get("edition", IEC_62676_4_2014.edition)
    if not isinstance(edition, str) or edition not in PROFILES:
        raise BadInput(f"one of {', '.join(PROFILES)} is expected", where="edition")
    rules = table.get("rule", [])
    if not isinstance(rules, list) or not rules:
        raise BadInput("there is no rule", where="rule")
    if len(rules) > MOST_RULES:
        raise BadInput(f"{len(rules)} rules; at most {MOST_RULES} are read", where="rule")
    read = tuple(_rule(rule, number, PROFILES[edition]) for number, rule in enumerate(rules, start=1))
    _refuse_hidden(read)
    return Needs(profile=PROFILES[edition], rules=read, incidents=_incidents(table.get("incidents", {})))


def document_of_needs(needs: Needs) -> dict[str, object]:
    """What `needs_of_document` reads back to the same."""
    weight = needs.incidents
    return {
        "edition": needs.profile.edition,
        "incidents": {"days": weight.days, "radius_m": weight.radius_m, "step": weight.step, "most": weight.most},
        "rule": [
            {
                "ground": rule.ground.value,
                "kinds": list(rule.kinds),
                "area": rule.area,
                "px_per_m": rule.px_per_m,
                "views": rule.views,
                "when": rule.when.value,
                "weight": rule.weight,
                "each_side": rule.each_side,
                "beside_m": rule.beside_m,
                "target_percent": None if rule.target is None else round(rule.target * 100.0, 6),
            }
            for rule in needs.rules
        ],
    }


_RULE_FIELDS = {
    *("ground", "kinds", "area", "px_per_m", "density", "views", "when", "weight", "each_side", "beside_m"),
    "target_percent",
}


def _rule(document: object, number: int, profile: DensityProfile) -> NeedRule:
    where = f"rule {number}"
    table = _table(document, where, _RULE_FIELDS)
    ground_name = table.get("ground")
    if ground_name not in {ground.value for ground in GROUNDS}:
        raise BadInput(f"ground: one of {', '.join(GROUNDS)} is expected", where=where)
    ground = Ground(str(ground_name))
    where = f"{where} ({ground.value})"
    beside_m = _number(table, "beside_m", where, 0.0, MOST_BESIDE_M, 0.0)
    if beside_m and ground not in ENTRANCES:
        raise BadInput("beside_m: only entrances and gates ask for the road beside them", where=where)
    when = table.get("when", When.ALWAYS.value)
    if when not in {one.value for one in When}:
        raise BadInput(f"when: one of {', '.join(When)} is expected", where=where)
    each_side = table.get("each_side", ground in LINES and ground is not Ground.RAILWAY)
    if not isinstance(each_side, bool):
        raise BadInput("each_side: true or false is expected", where=where)
    views = table.get("views", 1)
    if not isinstance(views, int) or isinstance(views, bool) or not 1 <= views <= MOST_VIEWS:
        raise BadInput(f"views: a whole number from 1 to {MOST_VIEWS} is expected", where=where)
    target = table.get("target_percent")
    return NeedRule(
        ground=ground,
        px_per_m=_density(table, where, profile),
        kinds=_kinds(table.get("kinds", []), where),
        area=_text(table.get("area", ""), f"{where}: area"),
        views=views,
        when=When(str(when)),
        weight=_number(table, "weight", where, 0.0, MOST_WEIGHT, 1.0),
        each_side=each_side,
        beside_m=beside_m,
        target=None if target is None else _number(table, "target_percent", where, 0.0, 100.0, 0.0) / 100.0,
    )


def _density(table: Mapping[str, object], where: str, profile: DensityProfile) -> float:
    if "density" not in table:
        if "px_per_m" not in table:
            raise BadInput("px_per_m or the name of a density is missing", where=where)
        return _number(table, "px_per_m", where, 0.0, FINEST_PX_PER_M, 0.0)
    if "px_per_m" in table:
        raise BadInput("px_per_m and density are both given", where=where)
    names = {one.name: one.least_px_per_m for one in profile.classes}
    if table["density"] not in names:
        raise BadInput(f"density: {profile.edition} knows {', '.join(names)}", where=where)
    return names[str(table["density"])]


def _kinds(value: object, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > MOST_KINDS:
        raise BadInput(f"kinds: a list of at most {MOST_KINDS} names is expected", where=where)
    return tuple(_text(one, f"{where}: kinds") for one in value)


def _incidents(document: object) -> IncidentWeight:
    where = "incidents"
    table = _table(document, where, {"days", "radius_m", "step", "most"})
    usual = IncidentWeight()
    return IncidentWeight(
        days=int(_number(table, "days", where, 0.0, 3660.0, usual.days)),
        radius_m=_number(table, "radius_m", where, 10.0, 2000.0, usual.radius_m),
        step=_number(table, "step", where, 0.0, 100.0, usual.step),
        most=_number(table, "most", where, 1.0, 100.0, usual.most),
    )


def _refuse_hidden(rules: Sequence[NeedRule]) -> None:
    """A rule that an earlier one hides never decides anything: whoever wrote it meant something else."""
    for later, rule in enumerate(rules):
        for earlier, before in enumerate(rules[:later]):
            wider = not before.kinds or (rule.kinds and set(rule.kinds) <= set(before.kinds))
            if before.ground is rule.ground and wider and before.area in ("", rule.area):
                raise BadInput(
                    f"rule {earlier + 1} decides before it; put the narrower rule first",
                    where=f"rule {later + 1} ({rule.ground.value})",
                )


def _table(document: object, where: str, fields: set[str]) -> Mapping[str, object]:
    if not isinstance(document, Mapping):
        raise BadInput("a table is expected", where=where)
    unknown = sorted(str(key)[:_TEXT] for key in document if key not in fields)
    if unknown:
        raise BadInput(f"{unknown[0]} is unknown; known are {', '.join(sorted(fields))}", where=where)
    return document


def _number(table: Mapping[str, object], name: str, where: str, least: float, most: float, usual: float) -> float:
    value = table.get(name, usual)
    if not isinstance(value, int | float) or isinstance(value, bool) or not least <= value <= most:
        _refuse_number(name, where, least, most)
    return float(value)


def _refuse_number(name: str, where: str, least: float, most: float) -> NoReturn:
    raise BadInput(f"{name}: a number from {least:g} to {most:g} is expected", where=where)


def _text(value: object, where: str) -> str:
    if not isinstance(value, str) or len(value) > _TEXT or not value.isprintable():
        raise BadInput(f"printable text of at most {_TEXT} characters is expected", where=where)
    return value
