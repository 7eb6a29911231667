"""What every process starts from: the data folder, the database, the key, the credential sets, the network plan."""

import contextlib
import importlib
import os
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

from vms.access.agreement import Agreements
from vms.app.edges import StillsNow
from vms.config import Settings
from vms.core.clock import system_clock
from vms.core.ids import CredentialId
from vms.health.outages.policy import OutagePolicy
from vms.health.picture.area import LASTING_AREA_POLICY, AreaPolicy
from vms.health.picture.follow_weather import WeatherPolicy
from vms.health.quiet_hours import QuietHours
from vms.health.spending import DayBudget, usual_budget
from vms.inventory.archive.city import ConformityRules
from vms.inventory.networks import Network, NetworkPlan
from vms.inventory.tier import Tier
from vms.maintenance.policy import OrderPolicy
from vms.places.regions import Region
from vms.services.device_tasks.desk import TaskDesk
from vms.services.dispatching.find_weather import WeatherSettings
from vms.services.dispatching.settings import DispatchSettings
from vms.services.maps.base_map import BaseKind, BaseMap
from vms.services.notices.announce import NoticePolicy
from vms.services.ptz_check.desk import PtzDesk, PtzPolicy
from vms.services.recordings.check_device import CheckDesk
from vms.services.recordings.policy import RecordingPolicy
from vms.services.retention_rules import RetentionRules
from vms.services.spending import Purse
from vms.services.take_in_settings import read_credential, take_in_archive_rules, take_in_credentials, take_in_regions
from vms.store import credentials, maps
from vms.store.credentials import StoredLogin
from vms.store.database import Database
from vms.store.migrate import upgrade
from vms.store.secret_box import SecretBox, open_secret_box


def open_database(settings: Settings) -> Database:
    """Made and brought to this program's tables where need be."""
    settings.data_folder.mkdir(parents=True, exist_ok=True, mode=0o750)
    database = Database(settings.url)
    if database.is_sqlite and database.engine.url.database:
        with contextlib.suppress(OSError):  # upgrade() says what is wrong there
            Path(database.engine.url.database).touch(
                mode=0o600, exist_ok=False
            )  # SQLite gives its journals the same mode
    upgrade(database)
    with database.reading() as tx:
        has_old_maps = not maps.is_empty(tx)
    if has_old_maps:  # what reads maps takes seconds to load, and most processes never need it
        importlib.import_module("vms.services.maps.old_maps").take_over_old_maps(database, system_clock)
    return database


def keep_from_others() -> None:
    """What this process and its children make from now on is for their own user alone."""
    os.umask(0o077)


def open_box(settings: Settings) -> SecretBox:
    return open_secret_box(settings.data_folder, settings.secret_key or None)


def prepare(settings: Settings) -> None:
    """Takes the regions, credential sets and thresholds of the settings into the store."""
    tiers = {network.owner: network.tier for network in settings.networks if network.owner}
    sets = [
        read_credential(
            item.name,
            item.username,
            item.password_file,
            owner=item.owner,
            owner_tier=tiers.get(item.owner, Tier.GOVERNMENT),
        )
        for item in settings.credentials
    ]
    database = open_database(settings)
    try:
        take_in_credentials(database, open_box(settings), sets, system_clock())
        take_in_archive_rules(database, archive_rules(settings), system_clock())
        take_in_regions(
            database,
            [
                Region(code=item.code, name=item.name, level=item.level, parent=item.parent or None, box=item.box)
                for item in settings.regions
            ],
            system_clock(),
        )
    finally:
        database.close()


def archive_rules(settings: Settings) -> ConformityRules:
    wanted = settings.archive
    return ConformityRules(
        retention_days=wanted.retention_days,
        key_retention_days=wanted.key_retention_days,
        key_site_categories=frozenset(wanted.key_site_categories),
        filing_within_days=wanted.filing_within_days,
        decimals=wanted.position_decimals,
        map_margin_deg=wanted.map_margin_deg,
        time_zone=settings.time_zone,
    )


def network_plan(settings: Settings) -> NetworkPlan:
    return NetworkPlan(
        Network(
            cidr=item.cidr,
            tier=item.tier,
            region_code=item.region_code,
            owner=item.owner,
            credentials=item.credentials,
            trusted=item.trusted,
        )
        for item in settings.networks
    )


def configurable(settings: Settings) -> Agreements:
    """Where the office may configure cameras that are not the government's."""
    return Agreements(networks=tuple(ip_network(item.cidr) for item in settings.networks if item.configure))


def base_map(settings: Settings) -> BaseMap:
    wanted = settings.map
    return BaseMap(
        kind=BaseKind(wanted.base),
        url=wanted.tile_url,
        file=wanted.file,
        attribution=wanted.attribution,
        min_zoom=wanted.min_zoom,
        max_zoom=wanted.max_zoom,
        tile_px=wanted.tile_px,
    )


def agreements(settings: Settings) -> Agreements:
    return Agreements(networks=tuple(ip_network(item.cidr) for item in settings.networks if item.agreement))


def dispatch_settings(settings: Settings) -> DispatchSettings:
    """Falls belong together within the poller's own pace."""
    polling = settings.polling
    outages = OutagePolicy(
        interval_s=polling.interval_s,
        stream_window_s=3 * polling.stream_every * polling.interval_s,
        backoff_max_s=polling.backoff_max_s,
        left_grace_s=min(OutagePolicy().left_grace_s, 10 * polling.interval_s),
        share=settings.outages.share,
        learnt_share=max(OutagePolicy().learnt_share, settings.outages.share),
        least=settings.outages.least,
        falls_per_day=settings.outages.falls_per_day,
        join_s=settings.outages.join_s,
        reopen_s=settings.outages.reopen_s,
    )
    return DispatchSettings(
        outages=outages,
        orders=order_policy(settings),
        weather=weather_settings(settings),
        never_reached_after_s=settings.outages.never_reached_after_h * 3600,
    )


def weather_settings(settings: Settings) -> WeatherSettings:
    wanted = settings.weather
    begins = AreaPolicy(cell_m=wanted.cell_m, least_devices=wanted.least, share=wanted.share)
    lasts = AreaPolicy(
        cell_m=wanted.cell_m,
        least_devices=min(LASTING_AREA_POLICY.least_devices, wanted.least),
        share=min(LASTING_AREA_POLICY.share, wanted.share),
    )
    return WeatherSettings(
        policy=WeatherPolicy(
            begins=begins,
            lasts=lasts,
            rest_s=wanted.rest_s,
            together_s=3 * settings.polling.still_every * settings.polling.interval_s,
        ),
        window_s=wanted.window_s,
        wrong_for_s=wanted.wrong_for_s,
    )


def notice_policy(settings: Settings) -> NoticePolicy:
    wanted = settings.notices
    return NoticePolicy(
        longest=timedelta(days=wanted.longest_days),
        ahead_at_most=timedelta(days=wanted.ahead_days),
        late_at_most=timedelta(days=wanted.late_days) if wanted.late_days else None,
    )


def retention_rules(settings: Settings) -> RetentionRules:
    return RetentionRules(**settings.retention.model_dump())


def order_policy(settings: Settings) -> OrderPolicy:
    interval_s = settings.polling.interval_s
    verify_s = settings.orders.verify_polls * interval_s
    return OrderPolicy(
        settle_s=2 * interval_s if settings.orders.settle_s is None else settings.orders.settle_s,
        verify_s=verify_s,
        still_after_s=verify_s,
        flap_s=settings.orders.flap_h * 3600,
        repeat_s=settings.orders.repeat_days * 86_400,
        least_severity=settings.orders.least_severity,
        tiers=settings.orders.tiers or tuple(Tier),
        zone=settings.zone,
    )


def task_desk(settings: Settings, database: Database) -> TaskDesk:
    """For working on tasks in this process."""
    return TaskDesk(
        database=database, box=open_box(settings), configurable=configurable(settings), purse=purse(settings, database)
    )


def recording_desk(settings: Settings, database: Database) -> CheckDesk:
    """For looking at recordings in this process."""
    wanted = settings.recordings
    every = wanted.sample_every_days
    policy = RecordingPolicy(
        zone=settings.zone,
        budget=day_budget(settings),
        sample_every=None if every is None else timedelta(days=every),
        sample_hours=QuietHours.between(wanted.sample_from, wanted.sample_until),
    )
    return CheckDesk(database=database, box=open_box(settings), policy=policy, clock=system_clock)


SIGN_IN_SHARE = 4
"""Of so many requests at most one may sign in."""


def day_budget(settings: Settings) -> DayBudget:
    """Of a device with one channel."""
    polling = settings.polling
    if polling.requests_per_day is None:
        return usual_budget(polling.interval_s)
    return DayBudget(requests=polling.requests_per_day, sign_ins=polling.requests_per_day // SIGN_IN_SHARE)


def purse(settings: Settings, database: Database) -> Purse:
    return Purse(database, day_budget(settings))


def ptz_desk(settings: Settings, database: Database) -> PtzDesk:
    """For turning cameras in this process."""
    wanted = settings.ptz_check
    policy = PtzPolicy(
        zone=settings.zone,
        hours=QuietHours.between(wanted.check_from, wanted.check_until),
        every=timedelta(days=wanted.every_days),
        budget=day_budget(settings),
    )
    return PtzDesk(
        database=database,
        box=open_box(settings),
        policy=policy,
        clock=system_clock,
        agreements=configurable(settings),
        still=StillsNow(database),
    )


class Logins:
    """Opens the login of a credential; asked from threads."""

    def __init__(self, database: Database, box: SecretBox) -> None:
        self._database = database
        self._box = box

    def __call__(self, credential_id: CredentialId) -> StoredLogin | None:
        with self._database.reading() as tx:
            return credentials.login_of(tx, self._box, credential_id)
