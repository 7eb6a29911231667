"""Whatever devices say and do: no camera is doubled or lost, every doubt is shown, what is taken back is as it was.

The oracle knows which device each sight truly is; the program sees only what devices say.
"""

import shutil
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.builders.true_devices import TrueDevice
from vms.core.errors import Conflict
from vms.inventory.identity.conflict_kind import ConflictKind, Decision
from vms.inventory.networks import NetworkPlan
from vms.services.identity.join_cameras import join_cameras
from vms.services.identity.merge_devices import merge_devices
from vms.services.identity.resolve_conflict import Answered, resolve_conflict
from vms.services.identity.split_device import split_device
from vms.services.identity.undo_identity_action import undo_identity_action
from vms.services.record_device import Outcome, record_device
from vms.store import cameras, check, check_identity, conflicts, devices
from vms.store.camera_changes import Author
from vms.store.database import Database
from vms.store.identity_rows import snapshot

NOON = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
PERSON = Author(who="anna", why="looked at it on the pole")
SHARED_SERIAL, SHARED_MAC, SHARED_TLS = "ODD-770077", "44:19:b6:ff:00:01", "ab" * 32
UNIQUE_NAMES = ("人民路12号门口", "中山路东口", "火车站广场", "第一小学大门", "工行门前", "河边公园", "北桥", "南桥")
EXAMPLES, STEPS = 12, 15
which = st.integers(0, 50)


class City(RuleBasedStateMachine):
    original = ""
    file = ""

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        shutil.copy(self.original, self.file)
        self.database = Database(f"sqlite:///{self.file}")
        self.connection = self.stack.enter_context(self.database.engine.connect())
        self.connection.exec_driver_sql("PRAGMA synchronous=OFF")
        self.connection.exec_driver_sql("BEGIN IMMEDIATE")
        self.now = NOON
        self.devices: list[TrueDevice] = []
        self.cameras = 0
        self.seen_as: dict[int, set[int]] = {}
        """True camera → records that it was stored under."""
        self.is_new_there: set[int] = set()

    def teardown(self) -> None:
        self.connection.rollback()
        self.stack.close()
        self.database.close()

    # what happens out there

    @initialize(kinds=st.lists(st.tuples(which, which, which, which), min_size=2, max_size=4))
    def city(self, kinds: list[tuple[int, int, int, int]]) -> None:
        for kind in kinds:
            self._put_up(*kind, address=f"127.33.0.{len(self.devices) + 1}")
        self.sweep()

    def _put_up(self, serial: int, mac: int, reference: int, channels: int, *, address: str) -> TrueDevice:
        number = len(self.devices) + 1
        count = 1 + channels % 3
        own = list(range(self.cameras, self.cameras + count))
        self.cameras += count
        device = TrueDevice(
            number=number,
            address=address,
            cameras=own,
            names=[UNIQUE_NAMES[one % 8] + str(one) if channels % 2 else f"Camera {at}" for at, one in enumerate(own)],
            serial_no=("", "General", SHARED_SERIAL, f"HK20260{number:05d}", f"HK20260{number:05d}")[serial % 5],
            macs=((), (SHARED_MAC,), (f"44:19:b6:00:00:{number:02x}",), (f"44:19:b6:00:00:{number:02x}",))[mac % 4],
            endpoint_reference=f"urn:uuid:4a1e0f6c-0000-4000-8000-{number:012x}" if reference % 3 else "",
            new_reference_at_start=reference % 3 == 2,
            tls_key=("", SHARED_TLS, f"{number:064x}".replace("0", "c", 1))[reference % 3],
        )
        device.start()
        self.devices.append(device)
        return device

    @rule(kind=st.tuples(which, which, which, which))
    def put_up_another(self, kind: tuple[int, int, int, int]) -> None:
        if len(self.devices) < 8:
            self._put_up(*kind, address=f"127.33.1.{len(self.devices) + 1}")

    @rule(one=which, other=which)
    def addresses_change(self, one: int, other: int) -> None:
        """To a free one, or with another device."""
        first, second = self._pick(one), self._pick(other)
        if first is second:
            first.address = f"127.33.2.{self.now.day * 24 + self.now.hour}"
        else:
            first.address, second.address = second.address, first.address
            second.start()
        first.start()

    @rule(one=which, kind=st.tuples(which, which, which), same_batch=st.booleans())
    def hardware_is_swapped(self, one: int, kind: tuple[int, int, int], same_batch: bool) -> None:
        old = self._pick(one)
        if sum(device.online for device in self.devices) < len(self.devices) or len(self.devices) >= 8:
            return
        old.online = False
        new = self._put_up(*kind, len(old.cameras) - 1, address=old.address)
        new.names = list(old.names)
        if same_batch:
            new.serial_no = old.serial_no if old.serial_no == SHARED_SERIAL else new.serial_no
            new.macs = old.macs if old.macs == (SHARED_MAC,) else new.macs

    @rule(one=which, scheme=st.integers(0, 3))
    def firmware_renames_the_tokens(self, one: int, scheme: int) -> None:
        device = self._pick(one)
        device.tokens = ("VideoSource_{}", "VideoSource_{}", "vs{}", "00{}")[scheme]
        device.first_number = (1, 0, 1, 0)[scheme]
        device.paths = ("/Streaming/Channels/{}01", "/Streaming/Channels/{}01", "/ch{}/main", "/ch{}/main")[scheme]
        device.start()

    @rule(one=which)
    def a_login_is_refused_or_works_again(self, one: int) -> None:
        device = self._pick(one)
        device.refuses = not device.refuses

    @rule()
    def sweep(self) -> None:
        self.now += HOUR
        for device in self.devices:
            if device.online:
                self.now += SECOND
                self._see(device)

    def _see(self, device: TrueDevice) -> None:
        said = device.says()
        recorded = record_device(self.connection, said, networks=NetworkPlan(()), now=self.now)
        if recorded.outcome is Outcome.UNPROVEN or recorded.device_id is None:
            return
        if said.macs or said.serial_no not in ("", "General"):
            device.told.append(recorded.device_id)
        if len(recorded.camera_ids) == len(device.cameras):
            for camera, camera_id in zip(device.cameras, recorded.camera_ids, strict=True):
                self.seen_as.setdefault(camera, set()).add(camera_id)
        else:
            assert not said.channels or self._asked(ConflictKind.CHANNELS, recorded.device_id)

    # what people do

    @rule()
    def a_person_answers_the_oldest_question_truly(self) -> None:
        for question in conflicts.unresolved(self.connection):
            answer = self._truth(question)
            if answer is not None:
                try:
                    resolve_conflict(self.connection, question.conflict_id, answer, PERSON, self.now)
                except Conflict:
                    continue
                return

    def _truth(self, question: conflicts.StoredConflict) -> Answered | None:
        if question.kind is not ConflictKind.IDENTITY:
            return None
        apart = {device.number for device in self.devices if question.device_id in device.told}
        for other in question.device_ids:
            there = {device.number for device in self.devices if other in device.told}
            is_there = devices.get(self.connection, other).merged_into is None
            if other != question.device_id and apart and apart == there and is_there:
                return Answered(decision=Decision.SAME_AS, device_id=other)
        return Answered(decision=Decision.NEW_DEVICE)

    @rule(one=which, other=which, what=st.sampled_from(["merge", "split", "join"]))
    def somebody_errs_and_takes_it_back(self, one: int, other: int, what: str) -> None:
        """An undo right away restores every row exactly."""
        tx = self.connection
        before = self._everything()
        ids = [device.device_id for device in devices.page(tx, limit=100).items]
        live = [camera.camera_id for camera in cameras.every(tx) if camera.device_id is not None]
        tx.exec_driver_sql("SAVEPOINT before")
        try:
            if what == "merge" and len(ids) > 1:
                keep, merge = ids[one % len(ids)], ids[other % len(ids)]
                if keep == merge:
                    return
                action = merge_devices(tx, keep, merge, PERSON, self.now)
            elif what == "join" and len(live) > 1:
                keep_camera, join_camera = live[one % len(live)], live[other % len(live)]
                if keep_camera == join_camera:
                    return
                action = join_cameras(tx, keep_camera, join_camera, PERSON, self.now)
            else:
                device = ids[one % len(ids)]
                keys = sorted(devices.keys_of(tx, device))[: 1 + other % 2]
                own = cameras.ids_of_devices(tx, [device])[:1]
                if not (keys or own):
                    return
                action = split_device(tx, device, camera_ids=own, keys=keys, author=PERSON, now=self.now)
        except Conflict:
            tx.exec_driver_sql("ROLLBACK TO before")
            return
        self.nothing_is_wrong_with_the_store()
        undo_identity_action(tx, action.action_id, PERSON, self.now)
        assert self._everything() == before

    # what always holds

    @invariant()
    def nothing_is_wrong_with_the_store(self) -> None:
        if self.devices:
            assert check_identity.every(self.connection) == []
            assert check.camera_streams(self.connection) == []
            assert check.device_records(self.connection) == []

    @invariant()
    def two_devices_are_in_one_record_only_where_a_doubt_was_shown(self) -> None:
        owners: dict[int, set[int]] = {}
        for device in self.devices:
            for record in device.told:
                owners.setdefault(self._really(record), set()).add(device.number)
        for record, numbers in owners.items():
            unasked = {number for number in numbers if not self._asked_about(number, {record})}
            assert not self._contradict(unasked), f"devices {unasked} are device {record}"

    @invariant()
    def a_device_with_a_lasting_key_of_its_own_is_one_record(self) -> None:
        for device in self.devices:
            own = device.serial_no.startswith("HK") or any(mac != SHARED_MAC for mac in device.macs)
            records = {self._really(record) for record in device.told}
            asked = not own or len(records) <= 1 or self._asked_about(device.number, records)
            assert asked, f"device {device.number} is {records}"

    @invariant()
    def no_camera_is_doubled_or_crossed_without_a_doubt(self) -> None:
        true_ones: dict[int, set[int]] = {}
        for camera, records in self.seen_as.items():
            owner = next(device for device in self.devices if camera in device.cameras)
            own = owner.serial_no.startswith("HK") or any(mac != SHARED_MAC for mac in owner.macs)
            if own and not self._asked_about(owner.number, {self._really(record) for record in owner.told}):
                assert len(records) == 1, f"camera {camera} is {records}"
            for record in records:
                true_ones.setdefault(record, set()).add(camera)
        for record, found in true_ones.items():
            owners = [device for device in self.devices if not found.isdisjoint(device.cameras)]
            several_of_one = len(owners) < len(found)
            unasked = {owner.number for owner in owners if not self._asked_about(owner.number, set(owner.told))}
            asked = self._asked(ConflictKind.CHANNELS, None)
            wrong = (several_of_one and not asked) or self._contradict(unasked)
            assert not wrong, f"cameras {found} are all camera {record}"

    # helpers

    def _contradict(self, numbers: set[int]) -> bool:
        """Are two of them there at once, or tells each something lasting that the other does not? If not, nobody can
        tell them apart where they follow each other at one place."""
        found = [device for device in self.devices if device.number in numbers]
        return any(
            one is not other
            and ((one.online and other.online) or not (one.lasting <= other.lasting or other.lasting <= one.lasting))
            for one in found
            for other in found
        )

    def _pick(self, number: int) -> TrueDevice:
        return self.devices[number % len(self.devices)]

    def _everything(self) -> object:
        tx = self.connection
        ids = [device.device_id for device in devices.every(tx)]
        return snapshot(tx, ids, [camera.camera_id for camera in cameras.every(tx)])

    def _really(self, record: int) -> int:
        into = devices.get(self.connection, record).merged_into
        return record if into is None else self._really(into)

    def _asked_about(self, number: int, records: set[int]) -> bool:
        """Was a sight of this device put to a person as a doubt about one of these records?"""
        device = self.devices[number - 1]
        return any(
            question.observed is not None
            and (set(question.observed.macs) | {question.observed.serial_no}) - {"", "General"} == device.lasting
            and not records.isdisjoint(self._really(one) for one in question.device_ids)
            for question in self._questions()
        )

    def _asked(self, kind: ConflictKind, device_id: int | None) -> bool:
        return any(question.kind is kind and device_id in (None, question.device_id) for question in self._questions())

    def _questions(self) -> list[conflicts.StoredConflict]:
        """All that were ever asked."""
        rows = self.connection.exec_driver_sql("SELECT id FROM identity_conflicts").scalars().all()
        return [conflicts.get(self.connection, row) for row in rows]


def test_a_city_of_odd_devices_is_kept_apart_and_together(sqlite_original, tmp_path):
    City.original, City.file = str(sqlite_original), str(tmp_path / "city.db")
    run_state_machine_as_test(
        City,
        settings=settings(
            max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
