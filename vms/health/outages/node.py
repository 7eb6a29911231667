"""A thing that cameras hang on: a recorder, a pole, a switch, a power feeder, a network, a region."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple


class NodeKind(StrEnum):
    """The lowest first: of two that explain the same falls, the lower one is the cause."""

    NVR = "nvr"
    POLE = "pole"
    SWITCH = "switch"
    POWER_FEEDER = "power_feeder"
    UPLINK = "uplink"
    SUBNET = "subnet"
    REGION = "region"


RANK = {kind: number for number, kind in enumerate(NodeKind)}
TYPED_KINDS = frozenset({NodeKind.SWITCH, NodeKind.POWER_FEEDER, NodeKind.UPLINK})
"""Kept as rows; the others follow from the archive."""


class NodeSource(StrEnum):
    TYPED = "typed"
    LEARNT = "learnt"
    DERIVED = "derived"
    """It follows from the archive."""


class NodeKey(NamedTuple):
    kind: NodeKind
    value: str
    """Id of the row or of the device, the pole's code, the network, the region's code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    key: NodeKey
    name: str
    """As people call it."""
    source: NodeSource = NodeSource.DERIVED
    parent: NodeKey | None = None
    confirmed: bool = True
    """False: learnt, and nobody has said yet that it is right."""
    evidence: dict[str, Any] = field(default_factory=dict)
