"""Coverage by area as one page of HTML to print: no script, nothing from elsewhere; the method is on the last page."""

from collections.abc import Mapping, Sequence
from html import escape
from zoneinfo import ZoneInfo

from vms.coverage.needs import NeedRule, When
from vms.services.assessment.report_page import STYLE, cell, table
from vms.services.assessment.said import Language, choose
from vms.services.coverage.coverage_report import CoverageReport
from vms.services.coverage.gap_place_words import gap_place_words
from vms.services.coverage.place_name_words import place_name_words
from vms.services.coverage.report_words import CAUSE, GROUND, METHOD, STATE, Both
from vms.services.coverage.tell_rates import GroupRate, RatesTold
from vms.services.coverage.tier_table import tier_table

_WHEN: dict[When, Both] = {
    When.ALWAYS: ("day and night", "昼夜"),
    When.DAY: ("by day", "白天"),
    When.NIGHT: ("by night", "夜间"),
}


LEFT = """
.gaps :is(th,td):nth-child(-n+4),.gaps :is(th,td):nth-child(n+8){text-align:left}
.rules :is(th,td):nth-child(-n+3),.rules :is(th,td):nth-child(7){text-align:left}
"""
"""Columns of words; figures stay on the right."""
_DEEPER = "\u2003"


def report_page(made: CoverageReport, language: Language, town: str, zone: ZoneInfo) -> str:
    def say(en: str, zh: str) -> str:
        return choose((en, zh), language)

    title = f"{town} {made.region} {say('Coverage of the video network', '视频监控覆盖报告')}".strip()
    days = made.by_class
    span = " – ".join(at.astimezone(zone).strftime("%Y-%m-%d %H:%M") for at in (days.start, days.end))
    measured = f"{say('measured', '已测量时间')} {_percent(days.known_share)}"
    body = [
        f"<h1>{escape(title)}</h1>",
        f"<div>{escape(f'{span} ({zone.key}) · {measured}')}</div>",
        f"<h2>{say('By class of ground, by day', '按类别（白天）')}</h2>",
        _rates(made.by_class, say("class", "类别"), language),
        f"<h2>{say('By class of ground, by night', '按类别（夜间）')}</h2>",
        _rates(made.by_class_at_night, say("class", "类别"), language),
        f"<h2>{say('By region, by day', '按区域（白天）')}</h2>",
        _rates(made.by_region, say("region", "区域"), language),
        f"<h2>{say('By tier of owner, by day, now', '按产权层级（白天，当前）')}</h2>",
        tier_table(made.by_tier, language),
        f"<h2>{say('Gaps that matter most now', '当前主要盲区')} ({len(made.gaps.items)} / {made.gaps.total})</h2>",
        f'<div class="gaps">{_gaps(made, language, zone)}</div>',
        f'<section class="method"><h2>{say("Method", "计算方法")}</h2>',
        *(f"<p>{escape(choose(one, language))}</p>" for one in METHOD),
        f"<h2>{say('What is asked for', '覆盖要求')} ({escape(made.needs.profile.edition)})</h2>",
        f'<div class="rules">{_rules(made.needs.rules, made.region_names, language)}</div>',
        "</section>",
    ]
    head = f'<meta charset="utf-8"><title>{escape(title)}</title><style>{STYLE}{LEFT}</style>'
    return f'<!doctype html><html lang="{language}"><head>{head}</head><body>{"".join(body)}</body></html>'


def _rates(told: RatesTold, by: str, language: Language) -> str:
    headings = [
        by,
        choose(("road asked for, m", "应覆盖道路（米）"), language),
        choose(("road covered", "道路覆盖率"), language),
        choose(("target", "目标"), language),
        choose(("places asked for", "应覆盖部位"), language),
        choose(("places covered", "部位覆盖率"), language),
        choose(("target", "目标"), language),
    ]
    return table(headings, [_rate_row(group, told, language) for group in (*told.groups, told.total)])


def _rate_row(group: GroupRate, told: RatesTold, language: Language) -> list[str]:
    def rate(value: float | None, target: float | None) -> str:
        return cell(_percent(value), "missed" if value is not None and target is not None and value < target else "")

    return [
        cell(_group_name(group, told, language)),
        cell(f"{group.road_m:,.0f}" if group.road_m else "–"),
        rate(group.road_rate, group.road_target),
        cell(_target(group.road_target)),
        cell(f"{group.places:,.0f}" if group.places else "–"),
        rate(group.place_rate, group.place_target),
        cell(_target(group.place_target)),
    ]


def _target(target: float | None) -> str:
    return "–" if target is None else f"≥ {target * 100:.4g} %"


def _group_name(group: GroupRate, told: RatesTold, language: Language) -> str:
    if group is told.total:
        return choose(("all", "合计"), language)
    if told.by == "class":
        return choose(GROUND[group.key], language)
    name = group.name or group.key or choose(("no region", "未划区域"), language)
    if group.rest:
        name = choose((f"elsewhere in {name}", f"{name}其余部分"), language)
    return f"{_DEEPER * group.depth}{name}"


def _gaps(made: CoverageReport, language: Language, zone: ZoneInfo) -> str:
    headings = [
        choose(pair, language)
        for pair in (
            ("where", "位置"),
            ("on its street", "路段"),
            ("class", "类别"),
            ("cause", "原因"),
            ("length, m", "长度（米）"),
            ("counts for, m", "计入长度（米）"),
            ("worth", "权重"),
            ("since", "起始时间"),
            ("state", "处理状态"),
        )
    ]
    night = choose((" (by night)", "（夜间）"), language)
    rows = [
        [
            cell(choose(place_name_words(gap.name) if gap.name else ("without a name", "未命名"), language)),
            cell(choose(gap_place_words(place), language)),
            cell(choose(GROUND[gap.ground], language)),
            cell(choose(CAUSE[gap.cause], language) + (night if gap.night_only else "")),
            cell(f"{gap.to_m - gap.from_m:,.0f}" if gap.length_m else "–"),
            cell(f"{gap.length_m:,.0f}" if gap.length_m else "–"),
            cell(f"{gap.weighted_m:,.0f}"),
            cell(gap.uncovered_since.astimezone(zone).strftime("%Y-%m-%d %H:%M")),
            cell(choose(STATE[gap.state], language)),
        ]
        for gap, place in zip(made.gaps.items, made.gap_places, strict=True)
    ]
    return table(headings, rows)


def _rules(rules: Sequence[NeedRule], names: Mapping[str, str], language: Language) -> str:
    headings = [
        choose(pair, language)
        for pair in (
            ("class", "类别"),
            ("kinds", "种类"),
            ("region", "区域"),
            ("px/m", "像素/米"),
            ("cameras", "摄像机数"),
            ("to each side, m", "两侧各（米）"),
            ("when", "时段"),
            ("weight", "权重"),
            ("target", "目标"),
        )
    ]
    rows = [
        [
            cell(choose(GROUND[rule.ground], language)),
            cell(
                ", ".join(choose(place_name_words(kind), language) for kind in rule.kinds)
                or choose(("all", "全部"), language)
            ),
            cell(names.get(rule.area, rule.area) or choose(("everywhere", "全市"), language)),
            cell(f"{rule.px_per_m:g}" if rule.px_per_m else choose(("not asked for", "不要求"), language)),
            cell(str(rule.views)),
            cell(f"{rule.beside_m:g}" if rule.beside_m else ""),
            cell(choose(_WHEN[rule.when], language)),
            cell(f"{rule.weight:g}"),
            cell("" if rule.target is None else f"{rule.target * 100:g} %"),
        ]
        for rule in rules
    ]
    return table(headings, rows)


def _percent(rate: float | None) -> str:
    return "–" if rate is None else f"{rate * 100:.2f} %"
