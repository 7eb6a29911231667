"""What this poller has cost each device today, in memory: every look is paid for here before it is taken."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime

from vms.core.ids import DeviceId
from vms.health.pace import next_day_s
from vms.health.spending import DayBudget, Price, Reason, may_spend, turns_to_last
from vms.store.device_costs import DeviceCost


class Account:
    """One device's day. What is stored already counts too: it may come from an earlier run or another process."""

    __slots__ = (
        "busy_ms",
        "bytes_in",
        "for_diagnosis",
        "most_at_once",
        "open_now",
        "refused",
        "requests",
        "sign_ins",
        "stored",
        "stored_sign_ins",
    )

    def __init__(self, stored: int = 0, stored_sign_ins: int = 0) -> None:
        self.stored = stored
        self.stored_sign_ins = stored_sign_ins
        self.open_now = 0
        self._begin()

    def _begin(self) -> None:
        self.requests = self.bytes_in = self.busy_ms = self.sign_ins = self.refused = self.most_at_once = 0
        self.for_diagnosis = 0

    @property
    def requests_today(self) -> int:
        return self.stored + self.requests

    @property
    def sign_ins_today(self) -> int:
        return self.stored_sign_ins + self.sign_ins

    def take(self, device_id: DeviceId, day: date) -> DeviceCost:
        """What came since it was taken last, to be stored."""
        cost = DeviceCost(
            device_id=device_id,
            day=day,
            requests=self.requests,
            bytes_in=self.bytes_in,
            busy_ms=self.busy_ms,
            sign_ins=self.sign_ins,
            refused=self.refused,
            most_at_once=self.most_at_once,
            for_diagnosis=self.for_diagnosis,
        )
        self.stored += self.requests
        self.stored_sign_ins += self.sign_ins
        self._begin()
        return cost


class Ledger:
    """`usual` is the budget of a device with one channel."""

    def __init__(self, usual: DayBudget) -> None:
        self._usual = usual
        self._budgets: dict[int, DayBudget] = {}
        self._day = date.min
        self._accounts: dict[DeviceId, Account] = {}
        self._over: list[DeviceCost] = []
        self._lost = 0
        self.withheld = 0
        """Looks that did not fit into a budget."""

    def open_day(self, now: datetime, stored: Mapping[DeviceId, tuple[int, int]] | None = None, lost: int = 0) -> None:
        """A new day begins with what is stored of it; `lost`: what earlier runs may not have written down of a device
        with one channel."""
        self._over += self._take_all()
        self._day, self._lost = now.astimezone(UTC).date(), lost
        self._accounts = {
            device_id: Account(requests, sign_ins) for device_id, (requests, sign_ins) in (stored or {}).items()
        }

    def account(self, device_id: DeviceId, now: datetime) -> Account:
        if now.toordinal() != self._day.toordinal():
            self.open_day(now)
        account = self._accounts.get(device_id)
        if account is None:
            account = self._accounts[device_id] = Account()
        return account

    def budget(self, channels: int) -> DayBudget:
        found = self._budgets.get(channels)
        if found is None:
            found = self._budgets[channels] = self._usual.times(channels)
        return found

    def may(self, device_id: DeviceId, channels: int, price: Price, reason: Reason, now: datetime) -> bool:
        """Whether the day's budget allows that look."""
        account = self.account(device_id, now)
        spent = account.requests_today + self._lost_of(channels)
        allowed = may_spend(spent, account.sign_ins_today, price, self.budget(channels), reason)
        self.withheld += not allowed
        return allowed

    def turns_to_wait(self, device_id: DeviceId, channels: int, interval_s: float, now: datetime) -> int:
        spent = self.account(device_id, now).requests_today + self._lost_of(channels)
        return turns_to_last(spent, self.budget(channels), next_day_s(now), interval_s)

    @contextmanager
    def connection(self, device_id: DeviceId, now: datetime) -> Iterator[Account]:
        """A connection to the device is open within."""
        account = self.account(device_id, now)
        account.open_now += 1
        account.most_at_once = max(account.most_at_once, account.open_now)
        try:
            yield account
        finally:
            account.open_now -= 1

    def asked(self) -> list[DeviceId]:
        """Devices with something to store."""
        return [device_id for device_id, account in self._accounts.items() if account.requests]

    def take(self, device_ids: Iterable[DeviceId]) -> list[DeviceCost]:
        """What is to be stored of these devices, and of days that are over."""
        over, self._over = self._over, []
        some = ((device_id, self._accounts.get(device_id)) for device_id in device_ids)
        return over + [account.take(device_id, self._day) for device_id, account in some if account is not None]

    @property
    def day(self) -> date:
        return self._day

    def learn(self, day: date, spent: Mapping[DeviceId, tuple[int, int]]) -> None:
        """What the store says of that day, with all that was taken here and what others have spent meanwhile."""
        if day != self._day:
            return
        for device_id, (requests, sign_ins) in spent.items():
            account = self._accounts.get(device_id)
            if account is not None:
                account.stored, account.stored_sign_ins = requests, sign_ins

    def put_back(self, costs: Iterable[DeviceCost]) -> None:
        """They could not be stored; they are stored with the next ones."""
        self._over += costs

    @property
    def has_unsaved(self) -> bool:
        return bool(self._over) or bool(self.asked())

    def forget(self, device_id: DeviceId) -> None:
        account = self._accounts.pop(device_id, None)
        if account is not None and account.requests:
            self._over.append(account.take(device_id, self._day))

    def _lost_of(self, channels: int) -> int:
        return DayBudget(requests=self._lost, sign_ins=0).times(channels).requests if self._lost else 0

    def _take_all(self) -> list[DeviceCost]:
        return [account.take(device_id, self._day) for device_id, account in self._accounts.items() if account.requests]
