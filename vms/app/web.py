"""Web as a process: the API, the console, the coverage in memory."""

import gc
import signal
import sys
import threading
from ipaddress import ip_network

import uvicorn

from vms.api.app import create_app, prepare_routes
from vms.api.rooms import ApiSettings, Rooms
from vms.app.assess_beside import AssessBeside
from vms.app.child import begin
from vms.app.demo_control import CityControl
from vms.app.edges import KeyFrames, StillsNow, probe
from vms.app.stage import (
    agreements,
    base_map,
    configurable,
    notice_policy,
    open_box,
    open_database,
    order_policy,
    purse,
)
from vms.app.sweeping import our_ground
from vms.app.waiting_room import EVERY_TIME, waiting_room
from vms.config import Settings
from vms.core.clock import system_clock
from vms.core.compiled import FIRST_TIME, is_compiled
from vms.coverage.packed import compute_rows
from vms.coverage.warm import warm_up
from vms.maps.tiles.warm import warm_up_tiles
from vms.media.gateway_client import connect
from vms.services.coverage.coverage_now import CoverageNow
from vms.services.coverage.keep_gaps import GapKeeper
from vms.services.coverage.keep_rates import RateKeeper
from vms.services.coverage.memory import CoverageMemory
from vms.services.pull_book import PullBook
from vms.services.rings.road_memory import RoadMemory
from vms.services.rings.watch_rings import RingWatch
from vms.services.warm_feeds import FeedWarmer
from vms.services.who_answers import Doorkeeper
from vms.services.work_orders.note_loss import LossNoter
from vms.store.database import Database

GRACE_S = 3
GC_THRESHOLDS = (50_000, 20, 100)
"""A search for garbage through a whole town stops every answer; reference counting frees nearly all without it."""


def make_rooms(settings: Settings, database: Database, memory: CoverageMemory, beside: AssessBeside) -> Rooms:
    box, coverage, live = open_box(settings), CoverageNow(memory), connect(settings.gateway_socket)
    pays = purse(settings, database)
    who_answers = Doorkeeper(database, purse=pays)
    warmer = FeedWarmer(
        database=database,
        box=box,
        coverage=coverage,
        live=live,
        clock=system_clock,
        count=settings.live.warm,
        who_answers=who_answers,
        purse=pays,
    )
    roads = RoadMemory(memory)
    followers = (
        RingWatch(roads=roads, clock=system_clock),
        LossNoter(memory=memory),
        PullBook(database=database, live=live, purse=pays),
    )
    return Rooms(
        database=database,
        clock=system_clock,
        coverage=coverage,
        live=live,
        stills_folder=settings.stills_folder,
        photographs_folder=settings.photographs_folder,
        references=settings.references_folder,
        lists_folder=settings.data_folder / "lists",
        box=box,
        companions=(warmer, *followers) if settings.live.warm else followers,
        assess_beside=beside,
        probe=probe,
        fetch_still=StillsNow(database, who_answers, pays),
        ask_for_key_frame=KeyFrames(database),
        who_answers=who_answers,
        purse=pays,
        roads=roads,
        demo=CityControl(settings.demo_control, memory) if settings.demo_control else None,
        settings=ApiSettings(
            agreements=agreements(settings),
            configurable=configurable(settings),
            registration_networks=tuple(ip_network(cidr) for cidr in settings.registration_networks),
            sweep_ground=our_ground(settings),
            secure_cookie=settings.web.secure_cookie,
            sign_ins_per_minute=settings.web.sign_ins_per_minute,
            registrations_per_hour=settings.web.registrations_per_hour,
            town=settings.town,
            zone=settings.zone,
            orders=order_policy(settings),
            notices=notice_policy(settings),
            alert_networks=tuple(ip_network(cidr) for cidr in settings.alerts.networks),
            sends_mail=bool(settings.alerts.smtp_host),
            base_map=base_map(settings),
        ),
    )


def run(settings: Settings) -> None:
    """Serves until SIGTERM, which ends it with exit code 0: uvicorn shuts down and raises the signal again."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    database = open_database(settings)
    with waiting_room(settings.host, settings.port, EVERY_TIME if is_compiled(compute_rows) else FIRST_TIME):
        warm_up()
        warm_up_tiles()
        prepare_routes(with_demo=bool(settings.demo_control))
        memory = CoverageMemory(database, agreements(settings), system_clock)
        memory.load()
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLDS)
    stop, beside = threading.Event(), AssessBeside(database.url)
    keepers = (GapKeeper(memory), RateKeeper(memory))
    follower = threading.Thread(target=memory.run, args=(stop, keepers), name="coverage", daemon=True)
    follower.start()
    try:
        uvicorn.run(
            create_app(make_rooms(settings, database, memory, beside)),
            host=settings.host,
            port=settings.port,
            loop="uvloop",
            ws_per_message_deflate=False,
            access_log=False,
            proxy_headers=bool(settings.web.trusted_proxies),
            forwarded_allow_ips=list(settings.web.trusted_proxies),
            log_level="warning",
            timeout_graceful_shutdown=GRACE_S,
        )
    finally:
        stop.set()
        beside.close()
        follower.join(GRACE_S)
        database.close()


if __name__ == "__main__":
    begin(run)
