"""Coverage of this minute, kept in memory: the views of all approved cameras, and what each is worth now.

One thread follows the store's events and changes the index camera by camera; whoever asks takes the same lock for the
moments that the index needs. A view is usable unless its camera is ill (down, or blind by an open fault) or an operator
could not look at it even if something happened right there: consent that is bound to incidents counts.
"""

import logging
import threading
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from vms.access.agreement import Agreements
from vms.access.decide import CameraAccess, IncidentScene, LookKind, Verdict, decide
from vms.access.rights import rights_of
from vms.access.roles import Person, Role
from vms.core.clock import Clock
from vms.core.geo import LocalFrame, Wgs84, distance_m
from vms.core.ids import CameraId, IncidentId, UserId
from vms.coverage.changed_walls import carry_over
from vms.coverage.demand import Demand
from vms.coverage.gaps import Gap, gaps_of
from vms.coverage.index import CoverageIndex
from vms.coverage.sightings import ViewState
from vms.coverage.stretches import codes_of, stretches_of
from vms.coverage.tally import Tally
from vms.coverage.totals import Totals, totals_of
from vms.coverage.walls import Walls, middle_of
from vms.health.status import Status
from vms.health.words import blinding
from vms.inventory.camera import Camera
from vms.places.locate import Gazetteer
from vms.services.coverage.demand_now import demand_now
from vms.services.coverage.view_changes import ViewChanges
from vms.services.coverage.views_of_cameras import CameraViews, known_views, poses_of, views_of
from vms.services.coverage.who_sees import CameraFacts, FactBook
from vms.services.maps.town_now import NO_TOWN, town_now
from vms.store import camera_access, camera_names, cameras, events, faults, key_places, watching
from vms.store.database import Database
from vms.store.events import Event
from vms.store.heads import TURNED
from vms.store.key_places import KeyPlaces
from vms.store.newest_event import newest_id

log = logging.getLogger(__name__)

AT_A_TIME = 5000
FOLLOW_EVERY_S = 0.25
LOOK_AT_ALL_EVERY = 240
"""Rounds between two looks at the state of every camera: a status can fade without an event."""
SOMEBODY = Person(user_id=UserId(0), name="", role=Role.OPERATOR)
_RELOADS = ("camera.added", "camera.changed", TURNED)
"""News after which a camera may see something else; the subject is the camera."""
_NEW_DEMAND = ("coverage.needs_changed",)
_TAKE_LONG = ("map.changed", *_NEW_DEMAND)
MOST_TOUCHED = 2000
"""A map that changes more views than that is taken in as at the start, beside the old one; fewer change in place."""
WAITS_AT_MOST_S = 0.5
"""So long a question waits for what is just being taken in."""
FRAME_HOLDS_M = 20_000.0
"""A map whose middle is farther than that from where metres are counted is counted anew."""
WEIGHED_EVERY = timedelta(days=1)
"""Ground near incidents of the last days is worth more: looked up so often."""
NO_LIGHT = 1
"""Of the code table supply_light: no supplementary light. A camera of which nobody said counts as seeing by night."""


class Keeper(Protocol):
    """Writes down what has changed in the memory."""

    def keep(self, now: datetime) -> int: ...


class CoverageMemory:
    """Call `load` once, then `follow` again and again (or `run` in a thread). `lock` guards `index`, `demand` and
    `tally`; who changes the index does it inside `tally.changing`."""

    demand: Demand
    index: CoverageIndex
    tally: Tally

    def __init__(self, database: Database, agreements: Agreements, clock: Clock, *, counts_demand: bool = True) -> None:
        """`counts_demand`: False for who asks for views alone, once: what they see of the demand is not counted."""
        self.database = database
        self._counts_demand = counts_demand
        self.agreements = agreements
        self.clock = clock
        self.lock = threading.RLock()
        self.town = NO_TOWN
        self.gazetteer = Gazetteer(())
        self.facts = FactBook()
        self.view_changes = ViewChanges()
        self._turn = threading.Lock()
        """Held while news is taken in: by the thread that follows, or by a question that wants to know the latest."""
        self.totals: Totals | None = None
        """As it was measured last; None: not yet."""
        self.measured_at: datetime | None = None
        self._event_id = 0
        self._weighed_at = clock()
        self._measured: Tally | None = None
        self._measured_version = 0
        self._gaps: tuple[Tally, int, tuple[Gap, ...]] | None = None
        if counts_demand:
            self._load_town()
        self._load_index((), (), views_of((), self._walls(())))

    def load(self, *, tell: bool = True) -> None:
        """Everything anew: the town, all views, all states. Seconds for a hundred thousand cameras. `tell`: false for
        who looks once and neither measures nor writes anything."""
        with self.database.reading() as tx:
            self._event_id = events.latest_id(tx)
            approved = [camera for camera in cameras.every(tx) if is_placed(camera)]
            states = self._states(tx, [camera.camera_id for camera in approved])
            known = known_views(tx, approved)
        self._load_town()
        self._load_index(approved, states, views_of(approved, self._walls(approved), known))
        if tell:
            self._measure()

    def run(self, stop: threading.Event, keepers: Sequence[Keeper] = ()) -> None:
        """Follows until told to stop; after each round the keepers write down what changed. A store that is away for a
        moment is asked again."""
        rounds = 0
        while not stop.wait(FOLLOW_EVERY_S):
            rounds += 1
            try:
                self.follow(everybody=rounds % LOOK_AT_ALL_EVERY == 0)
                for keeper in keepers:
                    keeper.keep(self.clock())
            except SQLAlchemyError:
                log.exception("coverage could not be brought up to date; it is tried again")

    def follow(self, *, everybody: bool = False) -> None:
        """Takes in what has happened since."""
        with self._turn:
            while news := self._news():
                self._take_in(news)
                if any(event.kind == "map.changed" for event in news):
                    self._change_map()
                elif any(event.kind in _NEW_DEMAND for event in news):
                    self._load_demand()
                self._event_id = news[-1].event_id
        if everybody:
            with self.database.reading() as tx:
                self._judge(tx, list(self.known()))
            if self.clock() - self._weighed_at >= WEIGHED_EVERY:
                with self._turn:
                    self._load_demand()
        if self._measured is not self.tally or self._measured_version != self.tally.version:
            self._measure()

    def catch_up(self) -> None:
        """What has become of cameras up to this moment is taken in; nothing is measured or written.

        One short question where nothing has happened. Another map or other rules, which take seconds, are left to
        `follow`, with all that came after them; who asks while they are taken in does not wait for their end.
        """
        if not self._turn.acquire(timeout=WAITS_AT_MOST_S):
            return
        try:
            if newest_id(self.database) == self._event_id:
                return
            while news := self._news():
                long = next((at for at, event in enumerate(news) if event.kind in _TAKE_LONG), len(news))
                if long == 0:
                    return
                self._take_in(news[:long])
                self._event_id = news[long - 1].event_id
        finally:
            self._turn.release()

    def totals_now(self) -> tuple[Totals | None, datetime | None]:
        """Of what has been taken in up to this moment, and when; None before it was measured for the first time."""
        with self.lock:
            if self.totals is None or (self._measured is self.tally and self._measured_version == self.tally.version):
                return self.totals, self.measured_at
            return totals_of(self.tally), self.clock()

    def gaps(self) -> tuple[Gap, ...]:
        """Of this moment; made when somebody asks and something has changed."""
        with self.lock:
            tally = self.tally
            if self._gaps is None or self._gaps[0] is not tally or self._gaps[1] != tally.version:
                found = gaps_of(tally, stretches_of(self.demand, codes_of(tally)))
                self._gaps = (tally, tally.version, tuple(found))
            return self._gaps[2]

    def known(self) -> list[CameraId]:
        """Cameras with a view, by id."""
        with self.lock:
            alive = self.index.buckets.alive.astype(bool)
            return [CameraId(camera_id) for camera_id in np.unique(self.index.buckets.ids[alive]).tolist()]

    @property
    def walls(self) -> Walls:
        return self.index.walls

    def _news(self) -> list[Event]:
        with self.database.reading() as tx:
            return events.after(tx, self._event_id, AT_A_TIME)

    def _take_in(self, news: Sequence[Event]) -> None:
        moved = {event.subject for event in news if event.kind in _RELOADS and event.subject is not None}
        judged = {
            event.subject
            for event in news
            if event.subject is not None and event.kind.partition(".")[0] in ("camera", "fault", "consent")
        }
        with self.database.reading() as tx:
            if moved:
                placed = [camera for camera in cameras.by_ids(tx, moved) if is_placed(camera)]
                self._place(placed, views_of(placed, self.walls, known_views(tx, placed)), moved)
            self._judge(tx, moved | judged)

    def _place(self, placed: Sequence[Camera], views: CameraViews, asked: Iterable[int]) -> None:
        ids = [CameraId(camera_id) for camera_id in asked]
        with self.lock, self.tally.changing(ids, {camera.camera_id: sightless(camera) for camera in placed}):
            before = _reach(self.index, ids)
            for camera_id in set(ids) - {camera.camera_id for camera in placed}:
                self.index.remove(camera_id)
            for camera_id, its in views.of_each().items():
                self.index.put_sensors(camera_id, its)
            self.view_changes.around(np.concatenate([before, _reach(self.index, ids)]), self.walls.frame)

    def _judge(self, tx: Connection, camera_ids: Iterable[int]) -> None:
        states = self._states(tx, sorted(set(camera_ids)))
        with self.lock:
            self._set_rights(self.index, [camera_id for camera_id, _ in states])
            state = self.index.buckets.state
            before = {camera_id: self.index.slots_of([camera_id]) for camera_id, _ in states}
            changed = [(one, now) for one, now in states if len(before[one]) and state[before[one][0]] != now]
            if changed:
                with self.tally.changing([camera_id for camera_id, _ in changed]):
                    self.index.set_states(changed)

    def _states(self, tx: Connection, wanted: Sequence[int]) -> list[tuple[CameraId, ViewState]]:
        now = self.clock()
        accesses = camera_access.of_cameras(tx, wanted, self.agreements)
        shown = watching.statuses(tx, now, wanted)
        blind = {
            camera_id for camera_id, standing in faults.standing_faults(tx, wanted).items() if any(blinding(standing))
        }
        names = camera_names.names_of(tx, wanted)
        states, facts = [], {}
        for camera_id, access in accesses.items():
            status = shown[camera_id].status if camera_id in shown else Status.UNKNOWN
            ill = status is Status.DOWN or (status is not Status.UNKNOWN and camera_id in blind)
            states.append((camera_id, worth(access, ill=ill, now=now)))
            facts[camera_id] = CameraFacts(names.get(camera_id, ""), status, camera_id in blind, access)
        with self.lock:
            self.facts.take_in(facts)
        return states

    def _set_rights(self, index: CoverageIndex, camera_ids: Iterable[CameraId]) -> None:
        """The caller holds the lock."""
        for camera_id, access in self.facts.accesses(camera_ids):
            index.set_rights(camera_id, int(rights_of(access)))

    def _load_town(self) -> None:
        with self.database.reading() as tx:
            self.town = town_now(tx)
        self.gazetteer = Gazetteer(self.town.places)

    def _change_map(self) -> None:
        """Views that a changed wall touches are computed anew, the others stay; what is asked for is read anew."""
        self._load_town()
        frame = self.walls.frame
        if not len(self.walls) or distance_m(frame.origin, middle_of(self.town)) > FRAME_HOLDS_M:
            self.load(tell=False)
            return
        changed = carry_over(self.walls, Walls.of_town(self.town, frame=frame))
        with self.lock:
            touched = self.index.touched_by(changed)
        if len(touched) > MOST_TOUCHED:
            self.load(tell=False)
            return
        with self.database.reading() as tx:
            placed = [camera for camera in cameras.by_ids(tx, touched) if is_placed(camera)]
            demand = demand_now(tx, self.town, changed.walls, self.clock())
            known = known_views(tx, placed)
        views = views_of(placed, changed.walls, known)
        with self.lock, self.tally.changing(touched):
            before = _reach(self.index, touched)
            self.index.change_walls(changed)
            for camera_id, its in views.of_each().items():
                self.index.put_sensors(camera_id, its)
            for camera_id in set(touched) - {camera.camera_id for camera in placed}:
                self.index.remove(camera_id)
            self.view_changes.around(np.concatenate([before, _reach(self.index, touched)]), self.walls.frame)
        self._count_anew(demand)

    def _load_index(
        self, approved: Sequence[Camera], states: Sequence[tuple[CameraId, ViewState]], views: CameraViews
    ) -> None:
        index = CoverageIndex.of_views(views.ids, views.views)
        index.set_states(states)
        with self.lock:
            self.facts.keep_only(camera_id for camera_id, _ in states)
            self._set_rights(index, [camera_id for camera_id, _ in states])
        with self.database.reading() as tx:
            demand = demand_now(tx, self.town if self._counts_demand else NO_TOWN, index.walls, self.clock())
        tally = Tally(demand, index, [camera.camera_id for camera in approved if sightless(camera)])
        with self.lock:
            self.index, self.demand, self.tally = index, demand, tally
            self.view_changes.everything()

    def _load_demand(self) -> None:
        """Other rules, or other incidents that weigh: the same views are counted anew."""
        self._weighed_at = self.clock()
        with self.database.reading() as tx:
            demand = demand_now(tx, self.town, self.index.walls, self._weighed_at)
        self._count_anew(demand)

    def _count_anew(self, demand: Demand) -> None:
        """Without the lock, so that nobody waits for it: in this turn nobody else changes the index."""
        tally = Tally(demand, self.index, self.tally.sightless)
        with self.lock:
            self.demand, self.tally = demand, tally

    def _walls(self, approved: Sequence[Camera]) -> Walls:
        """Without a map nothing blocks a view; metres are counted around the middle of the cameras."""
        if self.town.buildings or self.town.roads or not approved:
            return Walls.of_town(self.town)
        positions = [pose.position for pose in poses_of(approved)]
        lon = sum(position.lon for position in positions) / len(positions)
        lat = sum(position.lat for position in positions) / len(positions)
        return Walls.of_segments(LocalFrame(Wgs84(lon, lat)), np.zeros((0, 4)))

    def _measure(self) -> None:
        with self.lock:
            self._measured, self._measured_version = self.tally, self.tally.version
            found = totals_of(self.tally)
            before, self.totals, self.measured_at = self.totals, found, self.clock()
        places = KeyPlaces(found.covered_places, found.places)
        if before is None or places != (before.covered_places, before.places):
            with self.database.writing() as tx:
                key_places.put(tx, places, self.measured_at)
        if before is not None and round(before.covered_road_m) == round(found.covered_road_m):
            return
        content = {"covered_road_m": round(found.covered_road_m), "road_m": round(found.road_m)}
        with self.database.writing() as tx:
            events.append(tx, "coverage.measured", None, content, self.measured_at)


def _reach(index: CoverageIndex, camera_ids: Iterable[CameraId]) -> NDArray[np.float64]:
    """Where these stand, and how far they see: x, y, metres. The caller holds the lock."""
    slots, views = index.slots_of(camera_ids), index.packed
    return np.column_stack([views.x[slots], views.y[slots], views.range_m[slots]])


def is_placed(camera: Camera) -> bool:
    return camera.life_cycle.in_service and camera.pose is not None


def sightless(camera: Camera) -> bool:
    """By night."""
    return camera.declared.supply_light == NO_LIGHT


def worth(access: CameraAccess, *, ill: bool, now: datetime) -> ViewState:
    if ill:
        return ViewState.FAULTY
    here = (
        None
        if access.position is None
        else IncidentScene(incident_id=IncidentId(0), position=access.position, open=True)
    )
    decision = decide(SOMEBODY, access, LookKind.LIVE, incident=here, now=now)
    return ViewState.NO_CONSENT if decision.verdict is not Verdict.ALLOWED else ViewState.USABLE
