"""How repair is arranged: firms, rules, service levels, calendars, who is told. Read by the office, set by A."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Path, Query
from sqlalchemy import Connection

from vms.access.roles import Person
from vms.api.guards import AdminCall, AnyCall, KeeperCall, RoomsNow, StaffCall
from vms.api.models.maintenance import (
    AlertPage,
    Arranged,
    CalendarList,
    CalendarRow,
    CalendarWanted,
    ChannelList,
    ChannelMade,
    ChannelWanted,
    LevelContent,
    LevelList,
    LevelsWanted,
    MaintainerList,
    MaintainerRow,
    MaintainerWanted,
    Reach,
    ReachWanted,
    RuleList,
    RulesWanted,
    TryOut,
)
from vms.api.models.work_orders import MaintenanceWords
from vms.api.rooms import Rooms
from vms.api.show_maintenance import (
    list_channel,
    read_level,
    read_rule,
    read_wants,
    show_alert,
    show_arranged,
    show_calendar,
    show_channel,
    show_level,
    show_maintainer,
    show_rule,
)
from vms.core.errors import BadInput
from vms.core.ids import CameraId
from vms.maintenance.alert import Pace
from vms.maintenance.calendar import Calendar
from vms.maintenance.may_step import is_office
from vms.maintenance.reasons import SUSPENSION_REASONS
from vms.maintenance.service_level import ServiceLevel
from vms.services.alerts.put_channel import ChannelAsked, put_channel
from vms.services.alerts.send_trial import put_trial
from vms.services.work_orders.levels_hold import refuse_levels_without_time
from vms.services.work_orders.try_out import Supposed, reach, try_out
from vms.store import alerts, calendars, events, maintainers, service_levels
from vms.store.alert_trouble import channel_trouble
from vms.store.calendars import zone_from

router = APIRouter(prefix="/maintenance", tags=["maintenance"])
NameInPath = Annotated[str, Path(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]


@router.get("/words")
def words(_call: AnyCall) -> MaintenanceWords:
    return MaintenanceWords(suspension_reasons=dict(SUSPENSION_REASONS))


@router.get("/maintainers")
def list_maintainers(call: StaffCall, rooms: RoomsNow) -> MaintainerList:
    """A crew sees its own firm alone; contacts are for the office."""
    own = call.person.maintainer_id
    with rooms.database.reading() as tx:
        names = _calendar_names(tx)
        found = [one for one in maintainers.every(tx) if own in (None, one.maintainer_id)]
    return MaintainerList(items=[show_maintainer(one, names, contact=is_office(call.person)) for one in found])


@router.put("/maintainers/{name}")
def put_maintainer(name: NameInPath, body: MaintainerWanted, call: AdminCall, rooms: RoomsNow) -> MaintainerRow:
    """A new firm, or one changed."""
    now = rooms.clock()
    with rooms.database.writing() as tx:
        calendar_id = None if body.calendar is None else calendars.id_of(tx, body.calendar, "calendar")
        made = maintainers.put(
            tx,
            name.strip(),
            now,
            contact=body.contact,
            contract=body.contract,
            calendar_id=calendar_id,
            retired=body.retired,
            new_name=body.new_name,
        )
        if calendar_id is not None:
            refuse_levels_without_time(tx, now, "calendar", calendar_id)
        _tell(tx, "maintainers", call.person, rooms)
        return show_maintainer(made, _calendar_names(tx), contact=True)


@router.get("/rules")
def list_rules(_call: KeeperCall, rooms: RoomsNow) -> RuleList:
    with rooms.database.reading() as tx:
        return _rules(tx)


@router.put("/rules")
def put_rules(body: RulesWanted, call: AdminCall, rooms: RoomsNow) -> RuleList:
    """All of them, in their order. Orders that are open stay where they are."""
    with rooms.database.writing() as tx:
        maintainers.replace_rules(tx, [read_rule(rule) for rule in body.rules], rooms.clock())
        _tell(tx, "rules", call.person, rooms)
        return _rules(tx)


@router.get("/levels")
def list_levels(_call: StaffCall, rooms: RoomsNow) -> LevelList:
    with rooms.database.reading() as tx:
        if service_levels.defaults_made(tx):
            return _levels(tx)
    with rooms.database.writing() as tx:
        service_levels.ensure_defaults(tx, rooms.clock())
        return _levels(tx)


@router.put("/levels")
def put_levels(body: LevelsWanted, call: AdminCall, rooms: RoomsNow) -> LevelList:
    """All of them, in their order; one that keeps its name stays the same level."""
    with rooms.database.writing() as tx:
        service_levels.ensure_defaults(tx, rooms.clock())
        service_levels.replace(tx, _wanted_levels(tx, body.levels))
        refuse_levels_without_time(tx, rooms.clock(), "levels")
        _tell(tx, "levels", call.person, rooms)
        return _levels(tx)


@router.post("/tryout")
def try_arrangement(body: TryOut, _call: KeeperCall, rooms: RoomsNow) -> Arranged:
    """Who would repair this camera, and until when? Nothing is kept."""
    with rooms.database.reading() as tx:
        supposed = Supposed(
            camera_id=CameraId(body.camera_id),
            layer=str(body.layer),
            severity=body.severity,
            cameras=body.cameras,
            rules=None if body.rules is None else [read_rule(rule) for rule in body.rules],
            levels=None if body.levels is None else _wanted_levels(tx, body.levels),
        )
        return show_arranged(try_out(tx, supposed, rooms.clock()), maintainers.names(tx))


@router.post("/reach")
def reach_of_rules(body: ReachWanted, _call: KeeperCall, rooms: RoomsNow) -> Reach:
    """How many cameras does each rule decide, and how many are nobody's? Nothing is kept."""
    rules = None if body.rules is None else [read_rule(rule) for rule in body.rules]
    with rooms.database.reading() as tx:
        cameras, nobodys = reach(tx, rules, str(body.layer))
    return Reach(cameras=cameras, nobodys=nobodys)


@router.get("/calendars")
def list_calendars(_call: StaffCall, rooms: RoomsNow) -> CalendarList:
    with rooms.database.reading() as tx:
        return CalendarList(items=[show_calendar(one) for one in calendars.every(tx)])


@router.put("/calendars/{name}")
def put_calendar(name: NameInPath, body: CalendarWanted, call: AdminCall, rooms: RoomsNow) -> CalendarRow:
    """Deadlines that were set stay; those that are set from now on follow it."""
    calendar = Calendar(
        zone=zone_from(body.time_zone, "time_zone"),
        week=tuple(tuple(spans) for spans in body.week),
        days={day: tuple(spans) for day, spans in body.days.items()},
    )
    if len(name) > 80:
        raise BadInput("at most 80 letters", where="name")
    with rooms.database.writing() as tx:
        made = calendars.put(tx, name.strip(), calendar)
        refuse_levels_without_time(tx, rooms.clock(), "week", made.calendar_id)
        _tell(tx, "calendars", call.person, rooms)
        return show_calendar(made)


@router.delete("/calendars/{name}", status_code=204)
def remove_calendar(name: NameInPath, call: AdminCall, rooms: RoomsNow) -> None:
    with rooms.database.writing() as tx:
        calendars.remove(tx, name)
        _tell(tx, "calendars", call.person, rooms)


@router.get("/channels")
def list_channels(_call: AdminCall, rooms: RoomsNow) -> ChannelList:
    with rooms.database.reading() as tx:
        found, trouble = alerts.channels(tx), channel_trouble(tx, rooms.clock())
    return ChannelList(
        items=[list_channel(one, trouble.get(one.channel_id)) for one in found],
        mail=rooms.settings.sends_mail,
        networks=[str(network) for network in rooms.settings.alert_networks],
    )


@router.put("/channels/{name}")
def put_alert_channel(name: NameInPath, body: ChannelWanted, call: AdminCall, rooms: RoomsNow) -> ChannelMade:
    """A new webhook without a secret gets one, which is shown once."""
    if len(name) > 80:
        raise BadInput("at most 80 letters", where="name")
    asked = ChannelAsked(
        name=name.strip(),
        kind=body.kind,
        target=body.target,
        secret=body.secret,
        wants=read_wants(body.wants),
        pace=Pace(
            batch_s=body.batch_s,
            most_per_hour=body.most_per_hour,
            quiet=tuple(body.quiet),
            zone=zone_from(body.time_zone, "time_zone"),
        ),
        enabled=body.enabled,
    )
    networks = rooms.settings.alert_networks
    channel, secret = put_channel(rooms.database, rooms.box, networks, asked, call.person, rooms.clock())
    return ChannelMade(channel=show_channel(channel), secret=secret)


@router.delete("/channels/{name}", status_code=204)
def remove_channel(name: NameInPath, call: AdminCall, rooms: RoomsNow) -> None:
    """With what it had still to tell."""
    with rooms.database.writing() as tx:
        alerts.remove_channel(tx, name)
        _tell(tx, "channels", call.person, rooms)


@router.post("/channels/{name}/trial", status_code=202)
def try_channel(name: NameInPath, call: AdminCall, rooms: RoomsNow) -> AlertPage:
    """A message for a trial is sent at once; `GET maintenance/alerts` says what became of it."""
    put_trial(rooms.database, name, call.person, rooms.clock())
    return _alerts(rooms, 1, 0)


@router.get("/alerts")
def list_alerts(
    _call: KeeperCall,
    rooms: RoomsNow,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> AlertPage:
    """What was told to whom, the newest first."""
    return _alerts(rooms, limit, offset)


def _alerts(rooms: Rooms, limit: int, offset: int) -> AlertPage:
    with rooms.database.reading() as tx:
        page = alerts.page(tx, limit=limit, offset=offset)
        names = {one.channel_id: one.name for one in alerts.channels(tx)}
    return AlertPage(total=page.total, items=[show_alert(one, names) for one in page.items])


def _rules(tx: Connection) -> RuleList:
    names = maintainers.names(tx)
    return RuleList(rules=[show_rule(rule, names) for rule in maintainers.rules(tx)])


def _levels(tx: Connection) -> LevelList:
    names = _calendar_names(tx)
    return LevelList(levels=[show_level(level, names) for level in service_levels.every(tx)])


def _wanted_levels(tx: Connection, asked: Sequence[LevelContent]) -> list[ServiceLevel]:
    """Raises BadInput."""
    wanted = []
    for number, level in enumerate(asked):
        where = f"levels.{number}"
        if (level.many_from is None) != (level.many_repair_s is None):
            raise BadInput("many_from and many_repair_s go together", where=where)
        if level.repair_s < level.respond_s:
            raise BadInput("the time to repair is shorter than the time to respond", where=f"{where}.repair_s")
        if level.many_repair_s is not None and level.many_repair_s < level.respond_s:
            raise BadInput("the time to repair is shorter than the time to respond", where=f"{where}.many_repair_s")
        calendar = None if level.calendar is None else calendars.id_of(tx, level.calendar, f"{where}.calendar")
        wanted.append(read_level(level, calendar))
    return wanted


def _calendar_names(tx: Connection) -> dict[int, str]:
    return {one.calendar_id: one.name for one in calendars.every(tx)}


def _tell(tx: Connection, what: str, person: Person, rooms: Rooms) -> None:
    events.append(tx, "maintenance.changed", None, {"what": what, "by": person.name}, rooms.clock())
