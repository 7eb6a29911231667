"""`python -m vms.sim`: the pretend city from the command line."""

import argparse
from pathlib import Path

from vms.core.errors import BadInput, PersonMustAct
from vms.maps.town_file import read_town_file
from vms.sim.run import CityOptions, run_city
from vms.supervisor import end_with_input


def _address(text: str) -> tuple[str, int]:
    host, colon, port = text.rpartition(":")
    if not colon or not port.isdigit():
        raise argparse.ArgumentTypeError(f"HOST:PORT is wanted, not {text!r}")
    return host, int(port)


def _share(text: str) -> float:
    share = float(text)
    if not 0.0 <= share <= 1.0:
        raise argparse.ArgumentTypeError(f"a share from 0 to 1 is wanted, not {text}")
    return share


def options(arguments: list[str] | None = None) -> CityOptions:
    """Ends the program with a message where the arguments are wrong."""
    parser = argparse.ArgumentParser(
        prog="python -m vms.sim", description="a pretend city of ONVIF cameras on loopback"
    )
    parser.add_argument("--cameras", type=int, default=200, help="channels in all (200)")
    parser.add_argument("--first-address", help="devices one after another from this address, e.g. 127.100.0.1")
    parser.add_argument("--port", type=int, default=8080, help="ONVIF (8080)")
    parser.add_argument("--rtsp-port", type=int, default=8554)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--plain", action="store_true", help="every device behaves")
    parser.add_argument("--control", type=_address, default=("127.0.0.1", 0), metavar="HOST:PORT")
    parser.add_argument("--archive", type=Path, metavar="FILE.csv", help="write the maintenance office's list here")
    parser.add_argument("--town", type=Path, metavar="FILE", help="map to hang the cameras in (GeoJSON or OSM PBF)")
    parser.add_argument(
        "--shop", metavar="ADDRESS", help="one more camera at this address, which the archive leaves out"
    )
    parser.add_argument("--dead-share", type=_share, default=0.0, help="share of devices that never answer, e.g. 0.03")
    parser.add_argument("--delay-ms", type=float, default=0.0, help="every ONVIF answer comes so much later")
    parser.add_argument(
        "--control-only", action="store_true", help="no video, no discovery; so is any city above 5,000"
    )
    parser.add_argument("--seconds", type=float, help="end after so long")
    parser.add_argument("--end-with-input", action="store_true", help="stop when standard input ends")
    asked = parser.parse_args(arguments)
    if asked.end_with_input:
        end_with_input()
    return CityOptions(
        cameras=asked.cameras,
        seed=asked.seed,
        town=None if asked.town is None else read_town_file(asked.town),
        shop_address=asked.shop,
        first_address=asked.first_address,
        onvif_port=asked.port,
        rtsp_port=asked.rtsp_port,
        personalities=not asked.plain,
        control=asked.control,
        archive=asked.archive,
        dead_share=asked.dead_share,
        delay_s=asked.delay_ms / 1000,
        control_only=asked.control_only,
        seconds=asked.seconds,
    )


if __name__ == "__main__":
    try:
        run_city(options())
    except BadInput as problem:
        raise SystemExit(f"the pretend city does not start: {problem}") from problem
    except PersonMustAct as problem:
        raise SystemExit(problem.message) from problem
