"""Turns of a plan become work for the crews: an order per camera, or a word in the order that is open for it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from vms.access.roles import Person
from vms.core.ids import CameraId
from vms.health.fault import Severity
from vms.inventory.camera import Camera
from vms.maintenance.order import Action, OrderStep, Refusal
from vms.maintenance.policy import OrderPolicy
from vms.maintenance.scope import Scope
from vms.maintenance.turn_words import turn_words
from vms.services.work_orders.opener import Opener, Wanted, count_fallen
from vms.services.work_orders.order_book import OrderBook, WorkingHours
from vms.store import cameras, order_facts, service_levels
from vms.store.work_orders import About, StoredOrder


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnsOrdered:
    turns: list[dict[str, Any]]
    """All of the plan, as it keeps them: each that is ordered with its order."""
    opened: int
    """Orders opened now."""
    noted: int
    """Turns written into an order that was open already."""


def order_turns(
    tx: Connection,
    turns: list[dict[str, Any]],
    asked: Collection[int],
    why: str,
    person: Person,
    policy: OrderPolicy,
    now: datetime,
) -> TurnsOrdered:
    """`asked`: cameras; who is in service no more is left out. The caller has taken the turn to open orders."""
    fresh = [turn for turn in turns if turn["camera_id"] in asked and turn.get("order_id") is None]
    if not fresh:
        return TurnsOrdered(turns=turns, opened=0, noted=0)
    ids = [CameraId(turn["camera_id"]) for turn in fresh]
    in_service = {one.camera_id: one for one in cameras.by_ids(tx, ids) if one.life_cycle.in_service}
    to_do = [turn for turn in fresh if turn["camera_id"] in in_service]
    standing = order_facts.open_orders_of_cameras(tx, in_service)
    service_levels.ensure_defaults(tx, now)
    book = OrderBook(tx, now, WorkingHours(tx))
    noted = {
        turn["camera_id"]: standing[turn["camera_id"]]
        for turn in to_do
        if turn["camera_id"] in standing and _note(book, standing[turn["camera_id"]], turn, why, person)
    }
    alone = [turn for turn in to_do if turn["camera_id"] not in noted]
    new = [_wanted(in_service[CameraId(turn["camera_id"])], turn, now) for turn in alone]
    made = Opener(book, policy, count_fallen(tx, policy, now, new)).make(new, why, person.name) if new else []
    book.write()
    opened = {turn["camera_id"]: order for turn, order in zip(alone, made, strict=True)}
    orders: dict[int, StoredOrder] = noted | opened
    return TurnsOrdered(
        turns=[turn | _order_of(orders.get(turn["camera_id"]), turn) for turn in turns],
        opened=len(opened),
        noted=len(noted),
    )


def words_of(turn: dict[str, Any]) -> str:
    return turn_words(turn["bearing_before_deg"], turn["bearing_after_deg"])


def _order_of(order: StoredOrder | None, turn: dict[str, Any]) -> dict[str, Any]:
    if order is None:
        return {name: turn.get(name) for name in ("order_id", "order")}
    return {"order_id": int(order.order_id), "order": order.number}


def _note(book: OrderBook, standing: StoredOrder, turn: dict[str, Any], why: str, person: Person) -> bool:
    step = OrderStep(action=Action.NOTE, at=book.now, who=person.name, note=f"{why}; {words_of(turn)}")
    return not isinstance(book.step(standing, step), Refusal)


def _wanted(camera: Camera, turn: dict[str, Any], now: datetime) -> Wanted:
    declared = camera.declared
    about = About(
        camera_id=camera.camera_id,
        severity=Severity.MINOR,
        cause=words_of(turn),
        region_code=declared.region_code,
        tier=declared.tier,
        owner_id=camera.owner_id,
    )
    scope = Scope(
        region_code=declared.region_code,
        tier=declared.tier,
        point_class=declared.point_class,
        owner_id=camera.owner_id,
        layer="",
        severity=Severity.MINOR,
    )
    return Wanted(about, scope, now, ())
