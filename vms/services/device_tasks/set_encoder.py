"""Kind `set_encoder`: key-frame interval, frame rate, size and bit rate of a stream, within what the device offers."""

from collections.abc import Mapping
from typing import Any

from vms.core.clock import Clock
from vms.core.errors import BadInput
from vms.devices.configure.encoder import EncoderNow, EncoderOptions, read_encoder, read_options, write_encoder
from vms.devices.configure.hand import Hand
from vms.devices.onvif.client import CallRefused
from vms.services.device_tasks.kind import Case, Judged, Reading, Unfit
from vms.services.device_tasks.parameters import number, only, whole_number, words
from vms.store.device_tasks import Values

_SET = ("width", "height", "frames_per_s", "kbit_per_s", "gop_frames")


class SetEncoder:
    """Parameters: `stream` (sub, main), `gop_s` or `gop_frames`, `frames_per_s`, `width` with `height`,
    `kbit_per_s`. H.264 and H.265; the encoding stays as it is."""

    per_channel = True
    undoable = True

    def check(self, parameters: Mapping[str, Any]) -> dict[str, Any]:
        only(parameters, "stream", "gop_s", *_SET)
        stream = words(parameters, "stream", 10, "sub")
        if stream not in ("sub", "main"):
            raise BadInput("sub or main is wanted", where="parameters.stream")
        numbers = {
            "width": whole_number(parameters, "width", 16, 16384),
            "height": whole_number(parameters, "height", 16, 16384),
            "frames_per_s": whole_number(parameters, "frames_per_s", 1, 240),
            "kbit_per_s": whole_number(parameters, "kbit_per_s", 1, 1_000_000),
            "gop_frames": whole_number(parameters, "gop_frames", 1, 10_000),
        }
        given = {name: value for name, value in numbers.items() if value is not None}
        gop_s = number(parameters, "gop_s", 0.1, 60)
        if gop_s is not None and "gop_frames" in given:
            raise BadInput("one of gop_s and gop_frames is enough", where="parameters.gop_s")
        if ("width" in given) != ("height" in given):
            raise BadInput("width and height go together", where="parameters.width")
        if not given and gop_s is None:
            raise BadInput(f"one of gop_s, {', '.join(_SET)} is wanted", where="parameters")
        return {"stream": stream, "gop_s": gop_s, **given}

    async def read(self, hand: Hand, case: Case) -> Reading:
        stream = case.parameters["stream"]
        profile = case.profiles.get(stream, "")
        try:
            now = await read_encoder(hand, case.channel, profile, smallest=stream == "sub")
        except LookupError as nothing:
            raise Unfit(str(nothing)) from nothing
        try:
            options = await read_options(hand, now)
        except CallRefused:
            options = EncoderOptions(ranges={})
        return Reading(values={"token": now.token, "encoding": now.encoding, **now.values}, raw=(now, options))

    def plan(self, now: Reading, case: Case) -> dict[str, Any] | None:
        told: EncoderNow = now.raw[0]
        options: EncoderOptions = now.raw[1]
        source = case.parameters if case.undo_to is None else case.undo_to
        wanted = {name: int(source[name]) for name in _SET if source.get(name) is not None}
        gop_s = None if case.undo_to is not None else case.parameters.get("gop_s")
        if gop_s is not None:
            frames_per_s = wanted.get("frames_per_s") or told.values.get("frames_per_s")
            if not frames_per_s:
                raise Unfit("the device does not tell its frame rate, so that gop_s is no number of frames")
            wanted["gop_frames"] = max(1, round(gop_s * frames_per_s))
        _check_offer(wanted, options)
        missing = [name for name in wanted if name not in told.values]
        if missing:
            raise Unfit(f"the device's encoder has no {', '.join(missing)}")
        return None if self.judge(now, wanted).done else wanted

    async def write(self, hand: Hand, now: Reading, wanted: Values, clock: Clock) -> None:
        told: EncoderNow = now.raw[0]
        try:
            await write_encoder(hand, told, {name: wanted[name] for name in _SET if name in wanted})
        except LookupError as nothing:
            raise Unfit(str(nothing)) from nothing

    def judge(self, now: Reading, wanted: Values) -> Judged:
        other = {name: now.values.get(name) for name in _SET if name in wanted and now.values.get(name) != wanted[name]}
        return Judged(done=not other, note=", ".join(f"{name} is {value}" for name, value in other.items()))


def _check_offer(wanted: Mapping[str, int], options: EncoderOptions) -> None:
    size = (wanted.get("width"), wanted.get("height"))
    if size != (None, None) and options.sizes and size not in options.sizes:
        offered = ", ".join(f"{width}x{height}" for width, height in options.sizes)
        raise Unfit(f"{size[0]}x{size[1]} is not offered; the device offers {offered}")
    for name, (least, most) in options.ranges.items():
        if name in wanted and not least <= wanted[name] <= most:
            raise Unfit(f"{name} {wanted[name]} is not offered; the device offers {least} to {most}")
