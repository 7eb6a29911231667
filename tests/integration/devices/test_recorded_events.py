"""Recorded event services of real cameras, played over a real socket to our own small reader."""

from pathlib import Path

import pytest

from tests.builders.devices import a_camera
from tests.builders.recordings import Recording, recordings
from vms.devices.onvif.client import OnvifClient
from vms.devices.onvif.events import NoEvents, Notification, read_events


def recorded(folder: Path, name: str) -> Recording:
    return next(one for one in recordings(folder / "onvif") if one.name.startswith(name))


async def events_of(recording: Recording) -> tuple[tuple[Notification, ...], list[str], bytes]:
    """What was told, what the camera was asked, and its last message."""
    async with a_camera(recording.answer) as camera:
        client = OnvifClient(camera.address, camera.port, timeout_s=3)
        told = await read_events(client, "http://10.0.0.1/onvif/events", within_s=0.3, floor_s=0.1)
        return told, camera.operations, camera.asked[-1].body


@pytest.mark.habit(24)
@pytest.mark.parametrize(
    ("name", "topic"),
    [
        ("onvif-nvt/pelco", "tns1:RecordingHistory/Track/State"),
        ("onvif-nvt/trendnet", "tns1:Monitoring/ProcessorUsage"),
    ],
)
async def test_the_topics_of_recorded_cameras_are_kept(shared_fixtures: Path, name: str, topic: str) -> None:
    told, _, _ = await events_of(recorded(shared_fixtures, name))
    assert topic in {one.topic for one in told}
    assert all(one.at is not None and one.operation and one.data for one in told if one.topic == topic)


@pytest.mark.habit(22)
async def test_a_recorded_subscription_is_ended_and_named_by_its_own_parameters(shared_fixtures: Path) -> None:
    _, asked, last = await events_of(recorded(shared_fixtures, "onvif-nvt/pelco"))
    assert asked[0] == "CreatePullPointSubscription"
    assert asked[-1] == "Unsubscribe"
    assert asked.count("Unsubscribe") == 1
    assert b"SubscriptionId" in last
    assert b"urn:uuid:90c6d153-d40a-ce00-565f-26bed81b5b83" in last
    assert b"IsReferenceParameter" in last


@pytest.mark.habit(23)
async def test_a_recorded_camera_that_has_nothing_to_tell_is_not_asked_without_end(shared_fixtures: Path) -> None:
    told, asked, _ = await events_of(recorded(shared_fixtures, "onvif-nvt/hikvision-fixed"))
    assert told == ()
    assert 2 <= asked.count("PullMessages") <= 4


@pytest.mark.habit(8)
@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("protect-event-listener/hikvision_pullpoint", "events_refused"),
        ("protect-event-listener/html_404", "events_unsupported"),
        ("protect-event-listener/thingino", "events_unsupported"),
    ],
)
async def test_recorded_refusals_of_events_have_names(shared_fixtures: Path, name: str, code: str) -> None:
    with pytest.raises(NoEvents) as none:
        await events_of(recorded(shared_fixtures, name))
    assert none.value.code == code


@pytest.mark.habit(24)
async def test_a_recorded_reolinks_topics_are_read(shared_fixtures: Path) -> None:
    recording = recorded(shared_fixtures, "protect-event-listener/reolink")
    pelco = recorded(shared_fixtures, "onvif-nvt/pelco")
    recording.answers += [one for one in pelco.answers if one.operation == "CreatePullPointSubscription"]
    told, _, _ = await events_of(recording)
    assert {"tns1:VideoSource/MotionAlarm", "tns1:RuleEngine/MyRuleDetector/PeopleDetect"} <= {
        one.topic for one in told
    }
