"""A ring as one JSON document: for the command line and for HTTP alike (docs/rings.md tells its fields)."""

from typing import Any

from vms.services.rings.ring_answers import RingAnswer, RingArc


def ring_document(answer: RingAnswer) -> dict[str, Any]:
    boundary = [{"minutes": one.minutes, **_arc(arc)} for one in answer.minutes for arc in one.boundary]
    ways_out = [_without_line(arc) for arc in boundary if arc["leads_out"]]
    return {
        "lon": answer.place.lon,
        "lat": answer.place.lat,
        "travel": answer.travel.value,
        "elapsed_s": round(answer.elapsed_s, 1),
        "elapsed_cut": answer.elapsed_cut,
        "start": {
            "lon": round(answer.start.lon, 6),
            "lat": round(answer.start.lat, 6),
            "road": answer.start_road,
            "off_road_m": round(answer.off_road_m, 1),
        },
        "minutes": [
            {
                "minutes": one.minutes,
                "limit_s": round(one.limit_s, 1),
                "boundary": len(one.boundary),
                "watched": len(one.watched),
                "leaks": len(one.leaks),
                "outline": one.outline,
                "lines": one.lines,
            }
            for one in answer.minutes
        ],
        "map_ends": answer.map_ends,
        "boundary": boundary,
        "watched": [arc for arc in ways_out if arc["watched"]],
        "leaks": [arc for arc in ways_out if not arc["watched"]],
        "cut": {
            "inner_s": round(answer.cut.inner_s, 1),
            "beyond_s": round(answer.cut.beyond_s, 1),
            "cost": answer.cut.cost,
            "closed": answer.cut.closed,
            "note": answer.cut.note,
            "arcs": [_arc(arc) for arc in answer.cut.arcs],
            "leaks": [_without_line(_arc(arc)) for arc in answer.cut.leaks],
        },
    }


def _arc(arc: RingArc) -> dict[str, Any]:
    return {
        "arc_id": arc.arc_id,
        "road": arc.road,
        "kind": arc.kind,
        "lon": arc.lon,
        "lat": arc.lat,
        "bearing_deg": arc.bearing_deg,
        "arrives_s": arc.arrives_s,
        "leads_out": arc.leads_out,
        "at_map_edge": arc.at_map_edge,
        "watched": arc.watched,
        "views": [{"camera_id": view.camera_id, "px_per_m": view.px_per_m} for view in arc.views],
        "line": arc.line,
    }


def _without_line(arc: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in arc.items() if name != "line"}
