"""From a reading to named faults, one layer at a time; a layer that was not looked at says nothing."""

from vms.health.clock_mistake import clock_mistake
from vms.health.fault import LAYER_OF, Fault, FaultKind, Severity
from vms.health.picture.as_faults import fault_of
from vms.health.policy import Policy
from vms.health.reading import ControlReading, PictureReading, Reading, StreamReading
from vms.health.spending import BUDGET

LOGIN_REFUSED = "login_refused"
NOT_THE_CAMERAS_FAULT = frozenset({"busy", "budget", "h265", "unsupported_codec", "login_withheld"})
"""Why a stream was not seen although nothing says that it is dead: no free session, our own budget, a codec we do not
take apart, a password that is not sent in plain text to somebody unknown."""


def name_faults(reading: Reading, policy: Policy) -> frozenset[Fault]:
    """What is wrong according to this one reading.

    A layer whose ground failed is not blamed: behind a closed door nothing can be said about the stream.
    """
    named: list[Fault] = []
    network, control, stream, picture = reading.network, reading.control, reading.stream, reading.picture
    unreachable = network is not None and not network.connected
    playing = stream is not None and stream.playing
    if network is not None and unreachable:
        severity = Severity.MAJOR if playing else Severity.CRITICAL
        named.append(_fault(FaultKind.UNREACHABLE, severity, network.because))
    if control is not None and not unreachable and control.because != BUDGET:
        named.extend(_control_faults(control, policy))
    if stream is not None and not stream.playing:
        named.extend(_stream_faults(stream, unreachable))
    if picture is not None:
        named.extend(_picture_faults(picture, playing=playing, away=unreachable))
    return frozenset({fault.kind: fault for fault in named}.values())


def kinds_looked_at(reading: Reading) -> frozenset[FaultKind]:
    """The kinds that this reading could have named: their absence is proof that they are gone."""
    looked: set[FaultKind] = set()
    network, control, stream, picture = reading.network, reading.control, reading.stream, reading.picture
    unreachable = network is not None and not network.connected
    if network is not None:
        looked.add(FaultKind.UNREACHABLE)
    if control is not None and not unreachable and control.because != BUDGET:
        looked.add(FaultKind.NO_ANSWER)
        if control.clock_offset_s is not None:
            looked.add(FaultKind.CLOCK_OFF)
        if control.login_refused:
            looked.add(FaultKind.LOGIN_REFUSED)
    if stream is not None:
        if stream.playing:
            looked |= {FaultKind.STREAM_DEAD, FaultKind.LOGIN_REFUSED}
        elif stream.because == LOGIN_REFUSED:
            looked.add(FaultKind.LOGIN_REFUSED)
        elif not unreachable and stream.because not in NOT_THE_CAMERAS_FAULT:
            looked.add(FaultKind.STREAM_DEAD)
    if picture is not None:
        if picture.fetched:
            looked |= picture.told | {finding.kind for finding in picture.findings}
            looked |= {FaultKind.NO_PICTURE, FaultKind.LOGIN_REFUSED}
        elif picture.because == LOGIN_REFUSED:
            looked.add(FaultKind.LOGIN_REFUSED)
        elif not unreachable and picture.because not in NOT_THE_CAMERAS_FAULT:
            looked.add(FaultKind.NO_PICTURE)
    return frozenset(looked)


def _control_faults(control: ControlReading, policy: Policy) -> list[Fault]:
    named: list[Fault] = []
    if not control.answered:
        named.append(_fault(FaultKind.NO_ANSWER, Severity.MAJOR, control.because))
    if control.login_refused:
        named.append(_fault(FaultKind.LOGIN_REFUSED, Severity.MAJOR, _whose_refusal(control)))
    if control.clock_offset_s is not None:
        sure_s = abs(control.clock_offset_s) - (control.clock_uncertainty_s or 0.0)
        if sure_s > policy.clock_warn_s:
            severity = Severity.MAJOR if sure_s > policy.clock_fail_s else Severity.MINOR
            mistake = clock_mistake(control.clock_offset_s)
            because = f"{control.clock_offset_s:+.0f} s" + (f": {mistake}" if mistake else "")
            named.append(_fault(FaultKind.CLOCK_OFF, severity, because))
    return named


def _whose_refusal(control: ControlReading) -> str:
    """As `stream` and `still`: which access was refused."""
    return "control" if control.because == LOGIN_REFUSED else control.because


def _stream_faults(stream: StreamReading, unreachable: bool) -> list[Fault]:
    if stream.because == LOGIN_REFUSED:
        return [_fault(FaultKind.LOGIN_REFUSED, Severity.MAJOR, "stream")]
    if unreachable or stream.because in NOT_THE_CAMERAS_FAULT:
        return []
    return [_fault(FaultKind.STREAM_DEAD, Severity.CRITICAL, stream.because)]


def _picture_faults(picture: PictureReading, *, playing: bool, away: bool) -> list[Fault]:
    if not picture.fetched:
        if picture.because == LOGIN_REFUSED:
            return [_fault(FaultKind.LOGIN_REFUSED, Severity.MAJOR, "still")]
        if away or picture.because in NOT_THE_CAMERAS_FAULT:
            return []
        severity = Severity.MINOR if playing else Severity.MAJOR
        return [_fault(FaultKind.NO_PICTURE, severity, picture.because)]
    return [fault_of(finding) for finding in picture.findings]


def _fault(kind: FaultKind, severity: Severity, because: str) -> Fault:
    return Fault(kind=kind, layer=LAYER_OF[kind], severity=severity, because=because)
