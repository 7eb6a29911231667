"""A device refused a login: nobody shows it again before it changes, to the device or to whoever stands there."""

from datetime import datetime

from sqlalchemy import Connection

from vms.core.ids import CredentialId
from vms.store import devices, events, login_attempts
from vms.store.login_attempts import Attempt, AttemptState


def keep_refusal(
    tx: Connection,
    device_id: int,
    credential_id: CredentialId,
    version: int,
    now: datetime,
    *,
    somebody_else: bool = False,
) -> None:
    """With the device, unless it got another credential meanwhile. `somebody_else`: nobody had made sure that it was
    he who refused, so it is also kept with the address, for whoever is found there next. A poller that runs hears of it
    and does not show the login either."""
    for known in devices.by_ids(tx, [device_id]):
        if known.credential_id == credential_id and known.refused_logins.get(credential_id) != version:
            events.append(tx, "device.login_refused", device_id, {"credential_id": credential_id}, now)
        if known.credential_id == credential_id:
            devices.set_login(tx, device_id, known.credential_id, {**known.refused_logins, credential_id: version})
        if somebody_else and credential_id:
            observed = known.observed
            attempt = Attempt(
                device=f"{observed.address}:{observed.port}",
                login=f"{credential_id}:{version}",
                state=AttemptState.REFUSED,
            )
            login_attempts.put(tx, [attempt], now)
