"""What each tier sees, as a table of the printed report."""

from vms.services.assessment.report_page import cell, table
from vms.services.assessment.said import TIERS, Language, choose
from vms.services.coverage.report_words import Both
from vms.services.coverage.tier_rates import Part, TierRates

_HEADINGS: tuple[Both, ...] = (
    ("tier", "产权层级"),
    ("road it sees", "该层级看得见的道路"),
    ("road that it alone sees", "仅该层级看得见的道路"),
    ("places it sees", "该层级看得见的部位"),
    ("places that it alone sees", "仅该层级看得见的部位"),
)


def tier_table(told: TierRates, language: Language) -> str:
    rows = [_row(choose(TIERS[one.tier.value], language), one.alone, one.only) for one in told.tiers]
    together = _row(choose(("all", "合计"), language), told.together, Part(road=None, places=None))
    return table([choose(one, language) for one in _HEADINGS], [*rows, together])


def _row(name: str, alone: Part, only: Part) -> list[str]:
    return [cell(name), *(cell(_percent(one)) for one in (alone.road, only.road, alone.places, only.places))]


def _percent(rate: float | None) -> str:
    return "–" if rate is None else f"{rate * 100:.2f} %"
