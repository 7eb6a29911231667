"""The poller as a process."""

from collections import Counter

from vms.app.child import begin
from vms.app.stage import Logins, day_budget, open_box, open_database
from vms.app.sweeping import allow_sockets
from vms.config import Settings
from vms.media.gateway_client import connect
from vms.media.live import LivePictures
from vms.services import watch_health
from vms.services.polling.settings import PollerSettings
from vms.store.database import Database


def poller_settings(settings: Settings, database: Database) -> PollerSettings:
    polling = settings.polling
    return PollerSettings(
        interval_s=polling.interval_s,
        stream_every=polling.stream_every,
        still_every=polling.still_every,
        timeout_s=polling.timeout_s,
        width=polling.width,
        backoff_max_s=polling.backoff_max_s,
        stills_folder=settings.stills_folder,
        login_of=Logins(database, open_box(settings)),
        budget=day_budget(settings),
        pulls=lambda: pulls_by_host(connect(settings.gateway_socket)),
    )


async def pulls_by_host(live: LivePictures) -> Counter[str]:
    return Counter(upstream.host for upstream in (await live.status()).upstreams)


def run(settings: Settings) -> None:
    allow_sockets()
    database = open_database(settings)
    watch_health.run_poller_process(database, poller_settings(settings, database))


if __name__ == "__main__":
    begin(run, nice=3)
