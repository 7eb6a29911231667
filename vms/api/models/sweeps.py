"""Sweeps of networks: what is asked for, how far it has come, who was heard how, what differs from the last time."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from vms.api.models.shape import Answer, Asked

Cidr = Annotated[str, Field(max_length=64)]
Host = Annotated[str, Field(max_length=300)]
Name = Annotated[str, Field(max_length=40)]


class NewSweep(Asked):
    """What is left out is as in the settings."""

    cidrs: list[Cidr] | None = Field(None, max_length=1000, description="inside the networks of the settings")
    hosts: list[Host] = Field([], max_length=10_000, description="host or host:port, asked whatever else is found")
    interfaces: list[Name] | None = Field(None, max_length=100, description="for multicast, on the server's machine")
    ports: list[Annotated[int, Field(ge=1, le=65_535)]] | None = Field(None, min_length=1, max_length=64)
    methods: list[Name] | None = Field(None, min_length=1, max_length=3, description="multicast, unicast, sweep")
    pace_per_s: float | None = Field(None, ge=1, le=100_000, description="packets per second into one /24")


class SweepGround(Answer):
    cidrs: list[str]
    hosts: list[str]
    interfaces: list[str]
    ports: list[int]
    methods: list[str]
    pace_per_s: float


class SweepRow(Answer):
    id: int
    state: str = Field(description="waiting, running, paused, done, failed, cancelled")
    scheduled: bool
    who: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    ground: SweepGround | None = Field(description="null for roles that may not see addresses")
    blocks_done: int
    blocks_total: int = Field(description="a block: named hosts, an interface, at most a /24 or /120, the second look")
    addresses_done: int
    addresses_total: int
    busy_s: float
    rate_per_s: float | None = Field(description="addresses per second while it ran; null: too early to say")
    remaining_s: float | None
    findings: int
    new_cameras: int
    outcomes: dict[str, int] = Field(description="new, same, conflict, unproven, nobody")
    heard_by: dict[str, int] = Field(description="devices by way: multicast:<interface>, unicast, sweep, host")
    packets: dict[str, dict[str, int]] = Field(description="sent, answered, unsent; each by method")
    problems: dict[str, int] = Field(description="devices by code")
    compared_with: int | None
    problem: str = Field(description="why it failed, or what it could not do; empty otherwise")


class SweepPage(Answer):
    total: int
    items: list[SweepRow]


class SweepProblem(Answer):
    code: str
    message: str


class SweepFindingRow(Answer):
    address: str
    port: int
    device_id: int | None
    outcome: str
    heard_by: list[str]
    problems: list[SweepProblem]
    answered: bool
    manufacturer: str
    model: str
    firmware: str
    serial_no: str
    macs: list[str]
    channels: list[str]
    at: datetime


class SweepFindingPage(Answer):
    total: int
    items: list[SweepFindingRow]


class SweepFieldDifference(Answer):
    name: str
    before: str
    now: str


class SweepDifferenceRow(Answer):
    kind: str = Field(description="new, gone, moved, changed")
    device_id: int | None
    address: str = Field(description="now; of one that is gone: then")
    port: int
    fields: list[SweepFieldDifference]


class SweepCommonGround(Answer):
    whole: bool = Field(description="both looked at the same, in the same ways")
    addresses: int = Field(description="in the networks that both looked at")
    cidrs: list[str] = Field(description="the first 200 of these networks")
    hosts: list[str] = Field(description="the first 200")
    interfaces: list[str]


class SweepDifferencePage(Answer):
    compared_with: int | None = Field(description="null: no sweep looked there before")
    common: SweepCommonGround | None = Field(description="where both looked; null: with none, or it is no longer kept")
    total: int
    items: list[SweepDifferenceRow]
