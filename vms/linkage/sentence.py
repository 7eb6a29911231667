"""One sentence for each ranked feed, in English and Chinese: why it stands where it stands."""

from vms.health.status import Status
from vms.linkage.feed import FeedCandidate, FeedReason


def sentence_en(candidate: FeedCandidate, reason: FeedReason) -> str:
    parts = [_standing_en(candidate, reason), _sight_en(candidate, reason), f"{candidate.distance_m:.0f} m"]
    return "; ".join(part for part in (*parts, _picture_en(candidate, reason)) if part)


def sentence_zh(candidate: FeedCandidate, reason: FeedReason) -> str:
    parts = [_standing_zh(candidate, reason), _sight_zh(candidate, reason), f"距离 {candidate.distance_m:.0f} m"]
    return "；".join(part for part in (*parts, _picture_zh(candidate, reason)) if part)


def _standing_en(candidate: FeedCandidate, reason: FeedReason) -> str:
    if reason is FeedReason.DOWN:
        return "down" + _after(": ", candidate.status_because)
    if reason is FeedReason.FAULTY:
        return candidate.blind_because
    if reason is FeedReason.ASK:
        return "ask for access" + _after(": ", candidate.permission_because)
    if reason is FeedReason.REFUSED:
        return "not permitted" + _after(": ", candidate.permission_because)
    return ""


def _standing_zh(candidate: FeedCandidate, reason: FeedReason) -> str:
    if reason is FeedReason.DOWN:
        return "离线" + _after("：", candidate.status_because_zh or candidate.status_because)
    if reason is FeedReason.FAULTY:
        return candidate.blind_because_zh or candidate.blind_because
    if reason is FeedReason.ASK:
        return "需申请调阅" + _after("：", candidate.permission_because_zh or candidate.permission_because)
    if reason is FeedReason.REFUSED:
        return "不允许调阅" + _after("：", candidate.permission_because_zh or candidate.permission_because)
    return ""


def _sight_en(candidate: FeedCandidate, reason: FeedReason) -> str:
    density = f"{candidate.density_px_per_m:.0f} px/m"
    if candidate.sees:
        if reason is FeedReason.NONE:
            return f"sees the spot at {density}"
        return f"would see the spot at {density}"
    if candidate.could_see and candidate.turnable:
        return f"can be turned to the spot at {density}"
    if candidate.could_see:
        return f"may see the spot at {density} (its direction is unknown)"
    return "a building hides the spot" if candidate.blocked else "does not see the spot"


def _sight_zh(candidate: FeedCandidate, reason: FeedReason) -> str:
    density = f"{candidate.density_px_per_m:.0f} px/m"
    if candidate.sees:
        if reason is FeedReason.NONE:
            return f"可见现场，{density}"
        return f"可用时可见现场，{density}"
    if candidate.could_see and candidate.turnable:
        return f"可转向现场，{density}"
    if candidate.could_see:
        return f"可能看到现场，{density}（朝向未知）"
    return "现场被建筑物遮挡" if candidate.blocked else "看不到现场"


def _picture_en(candidate: FeedCandidate, reason: FeedReason) -> str:
    if candidate.picture_age_s is None:
        return "no picture yet"
    age = _age(candidate.picture_age_s, ("s", "min", "h", "d"))
    if reason in (FeedReason.DOWN, FeedReason.FAULTY):
        return f"last picture {age} ago"
    if candidate.status is Status.SUSPECT:
        return f"suspect{_after(': ', candidate.status_because)}, last picture {age} ago"
    return f"picture {'good ' if candidate.status is Status.UP else ''}{age} ago"


def _picture_zh(candidate: FeedCandidate, reason: FeedReason) -> str:
    if candidate.picture_age_s is None:
        return "尚无画面"
    age = _age(candidate.picture_age_s, ("秒", "分钟", "小时", "天"))
    if reason in (FeedReason.DOWN, FeedReason.FAULTY):
        return f"最近画面 {age}前"
    if candidate.status is Status.SUSPECT:
        return f"状态可疑{_after('：', candidate.status_because_zh or candidate.status_because)}，最近画面 {age}前"
    return f"{age}前画面{'正常' if candidate.status is Status.UP else ''}"


def _age(age_s: float, units: tuple[str, str, str, str]) -> str:
    for limit, size, unit in ((120, 1, units[0]), (7_200, 60, units[1]), (172_800, 3_600, units[2])):
        if age_s < limit:
            return f"{max(0.0, age_s) / size:.0f} {unit}"
    return f"{age_s / 86_400:.0f} {units[3]}"


def _after(separator: str, text: str) -> str:
    return f"{separator}{text}" if text else ""
