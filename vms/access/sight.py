"""Of which cameras a person reads what leads to the device and its owner: the only place that answers it."""

from collections.abc import Collection
from dataclasses import dataclass

from vms.access.roles import SEES_ADDRESSES, Person, Role
from vms.core.ids import CameraId

SEES_CONTACTS = frozenset({Role.ADMIN, Role.MAINTAINER})
"""Who keeps the record."""


def reads_owners(person: Person) -> bool:
    """Whose all the cameras are, together: compared, counted, searched. A firm's crew reads it of those alone
    that it was sent for."""
    return person.maintainer_id is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reads:
    """Of one camera."""

    addresses: bool
    contacts: bool
    whose: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """A firm's crew reads of the cameras of its open orders what the office's maintenance reads of all."""

    person: Person
    sent_for: frozenset[CameraId] = frozenset()
    """For a firm's crew: the cameras of its open orders, those at least that are asked about."""

    def whose(self, camera_id: CameraId) -> bool:
        """Owner, contacts, serial number: does the person read them as far as its role goes?"""
        return self.person.maintainer_id is None or camera_id in self.sent_for

    def addresses(self, camera_id: CameraId) -> bool:
        """Network and MAC addresses, addresses of streams and stills."""
        return self.person.role in SEES_ADDRESSES and self.whose(camera_id)

    def of(self, camera_id: CameraId) -> Reads:
        whose = self.whose(camera_id)
        return Reads(
            addresses=self.person.role in SEES_ADDRESSES and whose,
            contacts=self.person.role in SEES_CONTACTS and whose,
            whose=whose,
        )

    def whose_device(self, cameras: Collection[CameraId]) -> bool:
        """Of a device with these cameras: sent for one of them, a crew has to do with the device."""
        return self.person.maintainer_id is None or not self.sent_for.isdisjoint(cameras)

    def device_addresses(self, cameras: Collection[CameraId]) -> bool:
        return self.person.role in SEES_ADDRESSES and self.whose_device(cameras)
