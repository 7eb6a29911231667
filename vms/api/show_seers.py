"""Who sees a point, as JSON text: a crowded spot has hundreds, asked for at every click on the map."""

import json
from collections.abc import Iterable
from datetime import datetime

from vms.access.decide import Decision
from vms.core.geo import Wgs84
from vms.services.coverage.who_sees import Seer

_quoted = json.JSONEncoder(ensure_ascii=False).encode


def show_seers(point: Wgs84, at: datetime, seers: Iterable[Seer]) -> str:
    """As `vms.api.models.who_sees.WhoSees`."""
    head = f'{{"lon":{point.lon!r},"lat":{point.lat!r},"at":{_quoted(at.isoformat())},"cameras":['
    return head + ",".join(seer_texts(seers)) + "]}"


def seer_texts(seers: Iterable[Seer]) -> list[str]:
    """Each as `vms.api.models.who_sees.SeerRow`. Written by hand: through dictionaries it takes three times as long."""
    decided: dict[Decision, str] = {}
    texts = []
    for seen, name, tier, status, decision, usable in seers:
        access = decided.get(decision)
        if access is None:
            access = decided[decision] = decision_text(decision)
        texts.append(
            f'{{"camera_id":{seen.camera_id},"name":{_quoted(name)},"tier":"{tier}","status":"{status}",'
            f'"sight":"{seen.sight}","sees":{_TRUTH[seen.sees]},"aimed":{_TRUTH[seen.aimed]},'
            f'"distance_m":{round(seen.distance_m, 2)!r},"density_px_per_m":{round(seen.density_px_per_m, 2)!r},'
            f'"confidence":"{seen.confidence.word}","usable":{_TRUTH[usable]},"access":{access}}}'
        )
    return texts


def decision_text(decision: Decision) -> str:
    return json.dumps(
        {
            "decision": decision.verdict.value,
            "code": decision.code,
            "because_en": decision.because_en,
            "because_zh": decision.because_zh,
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )


_TRUTH = {False: "false", True: "true"}
