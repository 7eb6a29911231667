"""The live gateway as a process."""

from vms.app.child import begin
from vms.config import Settings
from vms.media.run_gateway import run_gateway
from vms.media.upstream import GatewaySettings


def run(settings: Settings) -> None:
    settings.data_folder.mkdir(parents=True, exist_ok=True)
    live = settings.live
    run_gateway(settings.gateway_socket, GatewaySettings(linger_s=live.linger_s, pulls_per_host=live.max_per_device))


if __name__ == "__main__":
    begin(run)
