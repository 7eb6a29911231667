"""The way of an incident."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders.linkage import NOW, SPOT
from vms.core.errors import BadInput, Conflict
from vms.core.ids import IncidentId
from vms.linkage.incident import Incident, IncidentSource, IncidentStatus, checked, is_open, moved, next_statuses


def an_incident(status: IncidentStatus = IncidentStatus.RECEIVED, **told) -> Incident:
    usual = {"incident_no": "20260501-0001", "source": IncidentSource.POLICE_110, "reported_at": NOW, "position": SPOT}
    return Incident(incident_id=IncidentId(1), status=status, **{**usual, **told})


ENDS = {
    IncidentStatus.CLOSED,
    IncidentStatus.TRANSFERRED,
    IncidentStatus.CANCELLED,
    IncidentStatus.DUPLICATE,
    IncidentStatus.FALSE,
}


def test_the_usual_way_leads_from_received_to_closed():
    incident, now = an_incident(), NOW
    for status in ("dispatched", "accepted", "en_route", "on_scene", "handling", "feedback", "closed"):
        assert incident.is_open
        now += timedelta(minutes=1)
        incident = moved(incident, IncidentStatus(status), now)
        assert (incident.status, incident.status_at) == (status, now)
    assert not incident.is_open
    assert incident.closed_at == now


def test_steps_may_be_skipped_but_never_taken_back():
    on_scene = moved(an_incident(), IncidentStatus.ON_SCENE, NOW)
    assert on_scene.closed_at is None
    with pytest.raises(Conflict, match="on_scene cannot become dispatched"):
        moved(on_scene, IncidentStatus.DISPATCHED, NOW)
    with pytest.raises(Conflict):
        moved(on_scene, IncidentStatus.ON_SCENE, NOW)


@pytest.mark.parametrize("end", sorted(ENDS))
def test_every_open_incident_may_end_and_an_ended_one_stays_so(end):
    for status in IncidentStatus:
        if is_open(status):
            assert not moved(an_incident(status), end, NOW).is_open
    assert next_statuses(end) == ()


def test_open_are_all_but_the_ends():
    assert {status for status in IncidentStatus if not is_open(status)} == ENDS


@given(st.lists(st.sampled_from(IncidentStatus), max_size=20))
def test_whatever_is_asked_an_incident_only_moves_on(asked):
    incident, passed = an_incident(), [IncidentStatus.RECEIVED]
    for status in asked:
        try:
            incident = moved(incident, status, NOW)
            passed.append(status)
        except Conflict:
            assert status not in next_statuses(incident.status)
    order = [list(IncidentStatus).index(status) for status in passed]
    assert order == sorted(set(order))
    assert sum(status in ENDS for status in passed) <= 1


@pytest.mark.parametrize(
    ("field", "value"),
    [("level", 5), ("level", 0), ("summary", "x" * 2_001), ("category", ""), ("reported_at", NOW.replace(tzinfo=None))],
)
def test_what_cannot_be_is_refused_by_field(field, value):
    with pytest.raises(BadInput) as refused:
        checked(replace(an_incident(), **{field: value}))
    assert refused.value.where == field


def test_a_sound_incident_passes_unchanged():
    assert checked(an_incident()) == an_incident()
