"""A message in the forms of its channels: JSON for programs, a mail for people, Chinese first."""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any
from zoneinfo import ZoneInfo

from vms.health.outage_words import outage_in_words
from vms.maintenance.alert import AlertItem, Moment
from vms.maintenance.turn_words import turn_in_words
from vms.services.fault_words import fault_in_words
from vms.store.alerts import Alert, item_to_json

MOST_LINES = 100
_WORDS = {
    Moment.OPENED: ("new", "新工单"),
    Moment.REOPENED: ("again", "再次出现"),
    Moment.ASSIGNED: ("assigned", "已派单"),
    Moment.TRANSFERRED: ("transferred", "已转派"),
    Moment.SENT_BACK: ("sent back", "退回"),
    Moment.LATE: ("late", "超时"),
    Moment.SUSPENDED: ("suspended", "挂起"),
    Moment.CLOSED: ("closed", "已结束"),
    Moment.RING_OPENED: ("ring open", "防控圈失守"),
    Moment.RING_CLOSED: ("ring closed again", "防控圈恢复"),
    Moment.TRIAL: ("trial", "试发"),
}


def delivery_id(alert: Alert) -> str:
    """The same however often it is sent: whoever got it already can tell."""
    return f"{alert.channel_id}-{alert.alert_id}-{int(alert.opened_at.timestamp())}"


def as_json(alert: Alert, town: str, console_url: str) -> bytes:
    items: list[dict[str, Any]] = []
    for item in alert.items:
        cause_en, cause_zh = _cause(item)
        link = _link(item, console_url)
        items.append({**item_to_json(item), "cause_en": cause_en, "cause_zh": cause_zh, "link": link})
    content = {
        "delivery": delivery_id(alert),
        "town": town,
        "subject": subject(alert.items, town),
        "moments": dict(Counter(item.moment.value for item in alert.items)),
        "items": items,
    }
    return json.dumps(content, ensure_ascii=False).encode()


def as_mail(
    alert: Alert, to: Sequence[str], sender: str, town: str, console_url: str, zone: ZoneInfo, now: datetime
) -> EmailMessage:
    mail = EmailMessage()
    mail["Subject"] = subject(alert.items, town)
    mail["From"] = sender
    mail["To"] = ", ".join(to)
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<vms-{delivery_id(alert)}@{sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(_text(alert.items, console_url, zone))
    return mail


def subject(items: Sequence[AlertItem], town: str) -> str:
    """`[town] 3 条新工单（1,025 台摄像机），1 条超时 · 3 new, 1 late`."""
    counted = Counter(item.moment for item in items)
    fallen = sum(item.cameras for item in items if item.moment is Moment.OPENED)
    chinese = "，".join(f"{n} 条{_WORDS[moment][1]}" for moment, n in counted.items())
    english = ", ".join(f"{n} {_WORDS[moment][0]}" for moment, n in counted.items())
    more = f"（{fallen:,} 台摄像机）" if fallen > counted[Moment.OPENED] else ""
    return _line(f"[{town or 'vms'}] {chinese}{more} · {english}")[:200]


def _text(items: Sequence[AlertItem], console_url: str, zone: ZoneInfo) -> str:
    lines = []
    for item in items[:MOST_LINES]:
        english, chinese = _cause(item)
        word = _WORDS[item.moment]
        cause = chinese if chinese == english else f"{chinese} · {english}"
        many = f"，{item.cameras:,} 台 cameras" if item.cameras > 1 else ""
        lines.append(f"{item.at.astimezone(zone):%m-%d %H:%M} {word[1]} {word[0]} {item.number} {_line(cause)}{many}")
        link = _link(item, console_url)
        if link:
            lines.append(f"  {link}")
    left_out = len(items) - MOST_LINES
    if left_out > 0:
        lines.append(f"另有 {left_out:,} 条 · {left_out:,} more")
    return "\n".join(lines) + "\n"


def _cause(item: AlertItem) -> tuple[str, str]:
    return outage_in_words(item.cause) or turn_in_words(item.cause) or fault_in_words(item.cause)


def _link(item: AlertItem, console_url: str) -> str:
    if not console_url:
        return ""
    if item.ring_id:
        return f"{console_url.rstrip('/')}/#/rings?ring={item.ring_id}"
    return f"{console_url.rstrip('/')}/#/orders/{item.order_id}" if item.order_id else ""


def _line(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text).strip()
