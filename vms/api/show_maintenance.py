"""Firms, rules, levels, calendars and channels, between the models and the values inside."""

from collections.abc import Mapping

from vms.api.models.maintenance import (
    AlertRow,
    Arranged,
    CalendarRow,
    ChannelProblem,
    ChannelRow,
    LevelContent,
    LevelFits,
    LevelRow,
    ListedChannel,
    MaintainerRow,
    RuleContent,
    RuleRow,
    WantsContent,
)
from vms.core.ids import MaintainerId, OwnerId
from vms.health.layer import Layer
from vms.maintenance.alert import Wants
from vms.maintenance.assignment import AssignmentRule
from vms.maintenance.service_level import Fits, ServiceLevel
from vms.services.work_orders import try_out
from vms.store.alert_trouble import ChannelTrouble
from vms.store.alerts import Alert, Channel
from vms.store.calendars import StoredCalendar
from vms.store.maintainers import Maintainer


def show_maintainer(found: Maintainer, calendar_names: Mapping[int, str], *, contact: bool) -> MaintainerRow:
    return MaintainerRow(
        id=found.maintainer_id,
        name=found.name,
        contact=found.contact if contact else None,
        contract=found.contract,
        calendar=None if found.calendar_id is None else calendar_names.get(found.calendar_id),
        crews=list(found.crews),
        created_at=found.created_at,
        retired_at=found.retired_at,
    )


def show_rule(rule: AssignmentRule, names: Mapping[int, str]) -> RuleRow:
    return RuleRow(
        region_code=rule.region_code,
        tier=rule.tier,
        point_class=rule.point_class,
        owner_id=rule.owner_id,
        layer=rule.layer or None,
        maintainer_id=rule.maintainer_id,
        maintainer=names.get(rule.maintainer_id, ""),
        crew=rule.crew,
    )


def read_rule(content: RuleContent) -> AssignmentRule:
    return AssignmentRule(
        region_code=content.region_code,
        tier=content.tier,
        point_class=content.point_class,
        owner_id=None if content.owner_id is None else OwnerId(content.owner_id),
        layer=Layer(content.layer).value if content.layer else "",
        maintainer_id=MaintainerId(content.maintainer_id),
        crew=content.crew,
    )


def show_level(level: ServiceLevel, calendar_names: Mapping[int, str]) -> LevelRow:
    return LevelRow(
        id=level.level_id,
        name=level.name,
        fits=LevelFits(
            point_classes=level.fits.point_classes,
            tiers=level.fits.tiers,
            regions=level.fits.regions,
            severities=level.fits.severities,
            maintainers=level.fits.maintainers,
        ),
        respond_s=level.respond_s,
        repair_s=level.repair_s,
        many_from=level.many_from,
        many_repair_s=level.many_repair_s,
        calendar=None if level.calendar_id is None else calendar_names.get(level.calendar_id),
    )


def read_level(content: LevelContent, calendar_id: int | None) -> ServiceLevel:
    return ServiceLevel(
        name=content.name,
        fits=Fits(
            point_classes=content.fits.point_classes,
            tiers=content.fits.tiers,
            regions=content.fits.regions,
            severities=content.fits.severities,
            maintainers=tuple(MaintainerId(one) for one in content.fits.maintainers),
        ),
        respond_s=content.respond_s,
        repair_s=content.repair_s,
        many_from=content.many_from,
        many_repair_s=content.many_repair_s,
        calendar_id=calendar_id,
    )


def show_arranged(found: try_out.Arranged, names: Mapping[int, str]) -> Arranged:
    scope, firm = found.scope, found.scope.maintainer_id
    return Arranged(
        region_code=scope.region_code,
        tier=scope.tier,
        point_class=scope.point_class,
        owner_id=scope.owner_id,
        rule=found.rule,
        maintainer_id=firm,
        maintainer="" if firm is None else names.get(firm, ""),
        crew=found.crew,
        level=found.level,
        level_name=found.level_name,
        in_calendar=found.in_calendar,
        respond_by=None if found.deadlines is None else found.deadlines.respond_by,
        repair_by=None if found.deadlines is None else found.deadlines.repair_by,
    )


def show_calendar(found: StoredCalendar) -> CalendarRow:
    calendar = found.calendar
    return CalendarRow(
        id=found.calendar_id,
        name=found.name,
        time_zone=calendar.zone.key,
        week=[list(spans) for spans in calendar.week],
        days={day: list(spans) for day, spans in calendar.days.items()},
    )


def show_channel(channel: Channel) -> ChannelRow:
    return ChannelRow(
        id=channel.channel_id,
        name=channel.name,
        kind=channel.kind,
        target=channel.target,
        has_secret=channel.secret is not None,
        wants=WantsContent(
            moments=channel.wants.moments,
            severities=channel.wants.severities,
            regions=channel.wants.regions,
            maintainers=channel.wants.maintainers,
        ),
        batch_s=channel.pace.batch_s,
        most_per_hour=channel.pace.most_per_hour,
        quiet=list(channel.pace.quiet),
        time_zone=channel.pace.zone.key,
        enabled=channel.enabled,
    )


def list_channel(channel: Channel, trouble: ChannelTrouble | None) -> ListedChannel:
    """Who is switched off is not in trouble."""
    told = None
    if trouble is not None and channel.enabled:
        told = ChannelProblem(
            since=trouble.since, messages=trouble.messages, tries=trouble.tries, answer=trouble.answer
        )
    return ListedChannel(**show_channel(channel).model_dump(), trouble=told)


def read_wants(content: WantsContent) -> Wants:
    return Wants(
        moments=content.moments,
        severities=content.severities,
        regions=content.regions,
        maintainers=tuple(MaintainerId(one) for one in content.maintainers),
    )


def show_alert(alert: Alert, channel_names: Mapping[int, str]) -> AlertRow:
    return AlertRow(
        id=alert.alert_id,
        channel=channel_names.get(alert.channel_id, ""),
        state=alert.state,
        items=list(alert.items),
        opened_at=alert.opened_at,
        due_at=alert.due_at,
        tries=alert.tries,
        sent_at=alert.sent_at,
        answer=alert.answer,
    )
