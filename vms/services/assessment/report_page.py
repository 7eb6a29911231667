"""An assessment as one page of HTML to print: no script, nothing from elsewhere; the method is on the last page."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from vms.services.assessment.said import Language, choose, group_name, heading, shown, target_shown

Plain = Mapping[str, Any]
_TRENDS = (("online_rate", "#1769aa"), ("intact_rate", "#2e7d32"), ("image_quality_rate", "#b26a00"))
_WIDTH, _HEIGHT, _LEFT = 720, 180, 44
_ACROSS = 8
"""Groups side by side on a page."""
STYLE = """
body{font:12px/1.5 "Noto Sans CJK SC","Source Han Sans SC","Microsoft YaHei",sans-serif;color:#111}
body{margin:2em auto;max-width:1100px}
h1{font-size:20px}h2{font-size:15px;margin-top:1.6em}table{border-collapse:collapse;width:100%;margin-bottom:.8em}
th,td{border:1px solid #999;padding:2px 6px;text-align:right;unicode-bidi:isolate}th{background:#eee}
th:first-child,td:first-child,td.words{text-align:left}td.missed{font-weight:bold;color:#b00020}td.untold{color:#666}
tr{break-inside:avoid}.method{break-before:page}svg{width:100%;max-width:720px}
.ranking th:nth-child(2),.method :is(th,td):is(:nth-child(2),:nth-child(3)){text-align:left}
@page{size:A4 landscape;margin:12mm 12mm 15mm;@bottom-right{content:counter(page) " / " counter(pages);font-size:10px}}
"""


def report_page(made: Plain, language: Language, town: str = "") -> str:
    """`made`: of `plain_assessment`."""

    def say(en: str, zh: str) -> str:
        return choose((en, zh), language)

    methods = {one["kind"]: one for one in made["method"]}
    title = f"{town} {say('Assessment of the video network', '视频监控运行考核报告')}".strip()
    name = "name_zh" if language == "zh" else "name"
    everyone = [*made["groups"], made["total"]]
    body = [
        f"<h1>{escape(title)}</h1>",
        *(f"<div>{escape(line)}</div>" for line in heading(made, language)[:2]),
        f"<h2>{say('Ranking', '排名')}</h2>",
        '<div class="ranking">',
        table(
            [say("rank", "名次"), say("name", "对象"), say("cameras", "摄像机"), say("score", "得分")],
            (_ranked(group, made["by"], language) for group in everyone),
        ),
        "</div>",
        f"<h2>{say('Figures', '指标')}</h2>",
        *(
            table(
                [say("figure", "指标"), *(group_name(group, made["by"], language) for group in some)],
                (_figure_row(kind, methods[kind], some, language) for kind in methods),
            )
            for some in (everyone[first : first + _ACROSS] for first in range(0, len(everyone), _ACROSS))
        ),
        f"<h2>{say('By day', '每日趋势')}</h2>",
        _chart(made["days"], methods, name),
        f"<h2>{say('What the time was', '时间构成')} ({say('hours', '小时')})</h2>",
        table(
            [say("name", "对象"), *(part[name] for part in made["parts"])],
            (_time_row(group, made, language) for group in everyone),
        ),
        f'<section class="method"><h2>{say("Method", "计算方法")}</h2>',
        *(f"<p>{escape(line)}</p>" for line in heading(made, language)[2:]),
        table(
            [
                say("figure", "指标"),
                say("part", "分子"),
                say("whole", "分母"),
                say("target", "目标"),
                say("weight", "权重"),
            ],
            (_method_row(kind, method, made, language) for kind, method in methods.items()),
        ),
        "</section>",
    ]
    head = f'<meta charset="utf-8"><title>{escape(title)}</title><style>{STYLE}</style>'
    return f'<!doctype html><html lang="{language}"><head>{head}</head><body>{"".join(body)}</body></html>'


def _ranked(group: Plain, by: str, language: Language) -> list[str]:
    score = "–" if group["score"] is None else f"{group['score']:.2f}"
    why = group.get("not_ranked_zh" if language == "zh" else "not_ranked") or ""
    name = group_name(group, by, language)
    cells = [str(group["rank"] or ""), f"{name} ({why})" if why else name, str(group["cameras"]), score]
    return [cell(text, "words" if place == 1 else "") for place, text in enumerate(cells)]


def _figure_row(kind: str, method: Plain, groups: Sequence[Plain], language: Language) -> list[str]:
    cells = [cell(method["name_zh" if language == "zh" else "name"])]
    for group in groups:
        one = next(figure for figure in group["figures"] if figure["kind"] == kind)
        if one["value"] is None:
            cells.append(cell(one["because_zh" if language == "zh" else "because"], "untold"))
        else:
            cells.append(cell(shown(one["value"], method["unit"], language), "missed" if one["met"] is False else ""))
    return cells


def _time_row(group: Plain, made: Plain, language: Language) -> list[str]:
    hours = (group["time_s"].get(part["part"], 0.0) / 3600 for part in made["parts"])
    return [cell(group_name(group, made["by"], language)), *(cell(f"{value:,.1f}") for value in hours)]


def _method_row(kind: str, method: Plain, made: Plain, language: Language) -> list[str]:
    aim = made["profile"]["aims"].get(kind, {"target": None, "weight": 0})
    suffix = "_zh" if language == "zh" else ""
    return [
        cell(method[f"name{suffix}"]),
        cell(method[f"part{suffix}"], "words"),
        cell(method[f"whole{suffix}"], "words"),
        cell(target_shown(aim["target"], method, language)),
        cell(f"{aim['weight']:g}"),
    ]


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    head = "".join(f"<th>{escape(text)}</th>" for text in headings)
    body = "".join(f"<tr>{''.join(row)}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def cell(text: str, kind: str = "") -> str:
    return f'<td class="{kind}">{escape(text)}</td>' if kind else f"<td>{escape(text)}</td>"


def _chart(days: Sequence[Plain], methods: Mapping[str, Plain], name: str) -> str:
    """Three lines from the lowest value to 100 %; a day that cannot be told leaves a gap."""
    values = [day[kind] for day in days for kind, _ in _TRENDS if day[kind] is not None]
    if not values:
        return "<p>–</p>"
    low = min(0.99, *values)
    parts = [_label(0, 12, "100 %"), _label(0, _HEIGHT - 34, f"{low * 100:.1f} %")]
    step = (_WIDTH - _LEFT - 10) / max(1, len(days) - 1)
    for place in sorted({0, len(days) // 2, len(days) - 1}):
        anchor = "start" if place == 0 else "end" if place == len(days) - 1 else "middle"
        parts.append(_label(_LEFT + place * step, _HEIGHT - 18, days[place]["day"], anchor=anchor))
    for place, (kind, colour) in enumerate(_TRENDS):
        for run in _runs(days, kind, low, step):
            dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2" fill="{colour}"/>' for x, y in run)
            line = " ".join(f"{x:.1f},{y:.1f}" for x, y in run)
            parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="1.5"/>{dots}')
        parts.append(_label(_LEFT + place * 200, _HEIGHT - 4, methods[kind][name], colour))
    return f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img">{"".join(parts)}</svg>'


def _label(x: float, y: int, text: str, colour: str = "#111", anchor: str = "start") -> str:
    place = f'x="{x:.1f}" y="{y}" text-anchor="{anchor}"'
    return f'<text {place} font-size="11" fill="{colour}">{escape(text)}</text>'


def _runs(days: Sequence[Plain], kind: str, low: float, step: float) -> list[list[tuple[float, float]]]:
    runs: list[list[tuple[float, float]]] = [[]]
    for place, day in enumerate(days):
        if day[kind] is None:
            runs.append([])
            continue
        y = 8 + (1 - (day[kind] - low) / (1 - low)) * (_HEIGHT - 50)
        runs[-1].append((_LEFT + place * step, y))
    return [run for run in runs if run]
