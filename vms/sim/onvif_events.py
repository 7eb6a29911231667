"""The ONVIF event service: pull points with a long poll; what is done to a picture comes out as an event."""

import re
from datetime import datetime, timedelta

from vms.sim.device import LiveDevice
from vms.sim.faults import Fault
from vms.sim.makers import PREFIXES
from vms.sim.operation import Operation, Table
from vms.sim.pull_points import Message, PullPoint
from vms.sim.soap import SoapFault, SoapRequest, sender_fault, text_of

SUBSCRIPTION_PATH = "/onvif/subscription/"
TOPIC_OF_FAULT = {
    Fault.BLURRED: "tns1:VideoSource/ImageTooBlurry/ImagingService",
    Fault.BLACK: "tns1:VideoSource/ImageTooDark/ImagingService",
    Fault.BRIGHT: "tns1:VideoSource/ImageTooBright/ImagingService",
    Fault.TURNED_ASIDE: "tns1:VideoSource/GlobalSceneChange/ImagingService",
    Fault.OCCLUDED: "tns1:VideoSource/GlobalSceneChange/ImagingService",
}
MAX_LIFE_S = 3600.0
MAX_WAIT_S = 60.0
DEFAULT_LIFE_S = 60.0
_DURATION = re.compile(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?")


def message_of(device: LiveDevice, fault: Fault, *, channel: int, on: bool, operation: str = "Changed") -> Message:
    return Message(
        topic=TOPIC_OF_FAULT[fault],
        at=device.now(),
        source=device.channel(channel).token,
        state=on,
        operation=operation,
    )


def seconds_of(duration: str, otherwise: float) -> float:
    """An ISO duration of hours, minutes and seconds; `otherwise` for anything else."""
    found = _DURATION.fullmatch(duration)
    if found is None or len(duration) > 24:
        return otherwise
    hours, minutes, seconds = (float(part or 0) for part in found.groups())
    return hours * 3600 + minutes * 60 + seconds


def _stamp(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def _life_s(device: LiveDevice, asked: str) -> float:
    if asked and asked[0] != "P":
        try:
            return max(1.0, min(MAX_LIFE_S, (datetime.fromisoformat(asked) - device.now()).total_seconds()))
        except (ValueError, TypeError) as error:
            raise sender_fault(("wsnt:UnacceptableInitialTerminationTimeFault",), "that is no time") from error
    return max(1.0, min(MAX_LIFE_S, seconds_of(asked, DEFAULT_LIFE_S)))


def _create(device: LiveDevice, request: SoapRequest) -> str:
    life_s = _life_s(device, text_of(request.body, "InitialTerminationTime"))
    first = [
        message_of(
            device, fault, channel=channel.number, on=fault in device.faults_of(channel.number), operation="Initialized"
        )
        for channel in device.plan.channels
        for fault in (Fault.BLURRED, Fault.BLACK, Fault.BRIGHT)
    ]
    name = device.pull.open(device.steady_s(), life_s, first)
    if name is None:
        raise SoapFault(400, "Receiver", ("ter:Action", "ter:BlockedThreadUpperLimit"), "too many subscriptions")
    address = f"{device.http_address}{SUBSCRIPTION_PATH}{name}"
    return (
        "<tev:CreatePullPointSubscriptionResponse><tev:SubscriptionReference>"
        f"<wsa:Address>{address}</wsa:Address></tev:SubscriptionReference>{_times(device, life_s)}"
        "</tev:CreatePullPointSubscriptionResponse>"
    )


def _times(device: LiveDevice, life_s: float) -> str:
    now = device.now()
    end = now + timedelta(seconds=life_s)
    return (
        f"<wsnt:CurrentTime>{_stamp(now)}</wsnt:CurrentTime><wsnt:TerminationTime>{_stamp(end)}</wsnt:TerminationTime>"
    )


def _properties(device: LiveDevice, request: SoapRequest) -> str:
    topics = "".join(
        f'<{name} xmlns=""><ImagingService wstop:topic="true"><tt:MessageDescription IsProperty="true">'
        '<tt:Source><tt:SimpleItemDescription Name="Source" Type="tt:ReferenceToken"/></tt:Source>'
        '<tt:Data><tt:SimpleItemDescription Name="State" Type="xs:boolean" '
        'xmlns:xs="http://www.w3.org/2001/XMLSchema"/></tt:Data>'
        f"</tt:MessageDescription></ImagingService></{name}>"
        for name in ("ImageTooBlurry", "ImageTooDark", "ImageTooBright", "GlobalSceneChange")
    )
    return (
        "<tev:GetEventPropertiesResponse><tev:TopicNamespaceLocation>http://www.onvif.org/onvif/ver10/topics/topicns.xml"
        "</tev:TopicNamespaceLocation><wsnt:FixedTopicSet>true</wsnt:FixedTopicSet>"
        f"<wstop:TopicSet><tns1:VideoSource>{topics}</tns1:VideoSource></wstop:TopicSet>"
        "<wsnt:TopicExpressionDialect>http://www.onvif.org/ver10/tev/topicExpression/ConcreteSet"
        "</wsnt:TopicExpressionDialect><tev:MessageContentFilterDialect>"
        "http://www.onvif.org/ver10/tev/messageContentFilter/ItemFilter</tev:MessageContentFilterDialect>"
        "<tev:MessageContentSchemaLocation>http://www.onvif.org/onvif/ver10/schema/onvif.xsd"
        "</tev:MessageContentSchemaLocation></tev:GetEventPropertiesResponse>"
    )


def _capabilities(device: LiveDevice, request: SoapRequest) -> str:
    return (
        '<tev:GetServiceCapabilitiesResponse><tev:Capabilities WSPullPointSupport="true" '
        f'MaxPullPoints="{device.plan.personality.max_pull_points}"/></tev:GetServiceCapabilitiesResponse>'
    )


EVENTS: Table = {
    "CreatePullPointSubscription": Operation(_create),
    "GetEventProperties": Operation(_properties),
    "GetServiceCapabilities": Operation(_capabilities, pre_auth=True),
}


def _point(device: LiveDevice, name: str) -> PullPoint:
    point = device.pull.get(name, device.steady_s())
    if point is None:
        raise sender_fault(("wsnt:ResourceUnknownFault",), "no such subscription")
    return point


def _notification(message: Message) -> str:
    state = "true" if message.state else "false"
    return (
        '<wsnt:NotificationMessage><wsnt:Topic Dialect="http://www.onvif.org/ver10/tev/topicExpression/ConcreteSet">'
        f'{message.topic}</wsnt:Topic><wsnt:Message><tt:Message UtcTime="{_stamp(message.at)}" '
        f'PropertyOperation="{message.operation}"><tt:Source><tt:SimpleItem Name="Source" Value="{message.source}"/>'
        f'</tt:Source><tt:Data><tt:SimpleItem Name="State" Value="{state}"/></tt:Data></tt:Message></wsnt:Message>'
        "</wsnt:NotificationMessage>"
    )


async def pull_messages(device: LiveDevice, request: SoapRequest, name: str) -> str:
    point = _point(device, name)
    wait_s = min(MAX_WAIT_S, seconds_of(text_of(request.body, "Timeout"), 10.0))
    limit = text_of(request.body, "MessageLimit")
    at_most = min(100, int(limit)) if limit.isascii() and limit.isdigit() and len(limit) < 9 else 10
    habits = device.plan.personality
    point.pulls += 1
    if habits.forgets_pull_points_after is not None and point.pulls > habits.forgets_pull_points_after:
        device.pull.close(name)
        raise sender_fault(("wsnt:ResourceUnknownFault",), "no such subscription")
    if habits.pulls_answer_at_once:
        wait_s = 0.0
    messages = await device.pull.pull(point, wait_s=wait_s, at_most=max(1, at_most))
    now = device.now()
    end = now + timedelta(seconds=point.ends_s - device.steady_s())
    return (
        f"<tev:PullMessagesResponse><tev:CurrentTime>{_stamp(now)}</tev:CurrentTime>"
        f"<tev:TerminationTime>{_stamp(end)}</tev:TerminationTime>"
        f"{''.join(_notification(message) for message in messages)}</tev:PullMessagesResponse>"
    )


def renew(device: LiveDevice, request: SoapRequest, name: str) -> str:
    point = _point(device, name)
    life_s = _life_s(device, text_of(request.body, "TerminationTime"))
    point.ends_s = device.steady_s() + life_s
    now = device.now()
    return (
        f"<wsnt:RenewResponse><wsnt:TerminationTime>{_stamp(now + timedelta(seconds=life_s))}</wsnt:TerminationTime>"
        f"<wsnt:CurrentTime>{_stamp(now)}</wsnt:CurrentTime></wsnt:RenewResponse>"
    )


def unsubscribe(device: LiveDevice, request: SoapRequest, name: str) -> str:
    _point(device, name)
    device.pull.close(name)
    return "<wsnt:UnsubscribeResponse/>"


ACTION_OF_SUBSCRIPTION = {
    (PREFIXES["tev"], "PullMessages"): f"{PREFIXES['tev']}/PullPointSubscription/PullMessagesResponse",
    (PREFIXES["wsnt"], "Renew"): "http://docs.oasis-open.org/wsn/bw-2/SubscriptionManager/RenewResponse",
    (PREFIXES["wsnt"], "Unsubscribe"): "http://docs.oasis-open.org/wsn/bw-2/SubscriptionManager/UnsubscribeResponse",
}
