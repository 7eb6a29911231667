"""The login of a camera's device, unless the device has refused it."""

from sqlalchemy import Connection

from vms.inventory.camera import Camera
from vms.store import credentials, devices
from vms.store.credentials import StoredLogin
from vms.store.secret_box import SecretBox


def login_for(tx: Connection, box: SecretBox, camera: Camera) -> StoredLogin | None:
    """None: the device wants none, or none is known, or it was refused and has not changed since."""
    if camera.device_id is None:
        return None
    device = devices.get(tx, camera.device_id)
    login = credentials.login_of(tx, box, device.credential_id)
    if login is not None and login.version == device.login_refused_version:
        return None
    return login
