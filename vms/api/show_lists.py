"""Groups, trees and filter fields as models."""

from collections.abc import Iterable
from itertools import groupby

from vms.api.models.lists import (
    CountsNow,
    FilterChoice,
    FilterFieldNow,
    GroupRow,
    OwnerTreeOwner,
    OwnerTreeTier,
    RegionTreeNode,
)
from vms.inventory.archive.codes import CodeTables
from vms.inventory.archive.fields import find_field
from vms.inventory.filters.expression import operators_of
from vms.inventory.filters.fields import FilterField
from vms.places.region_counts import Counts, RegionNode
from vms.store.camera_groups import Group, OwnerNode
from vms.store.camera_order import SORTS

_PLURALS = {"function_type": "function_types", "position_type": "position_types"}


def show_counts(counts: Counts) -> CountsNow:
    return CountsNow(total=counts.total, up=counts.up, suspect=counts.suspect, down=counts.down, unknown=counts.unknown)


def show_group(group: Group) -> GroupRow:
    return GroupRow(key=group.key, name=group.name, counts=show_counts(group.counts))


def show_region(node: RegionNode) -> RegionTreeNode:
    return RegionTreeNode(
        code=node.code,
        name=node.name,
        level=node.level,
        parent=node.parent,
        own=node.own,
        counts=show_counts(node.counts),
    )


def show_owners(nodes: Iterable[OwnerNode]) -> list[OwnerTreeTier]:
    """`nodes` by tier."""
    tiers = []
    for tier, found in groupby(nodes, key=lambda node: node.tier):
        members = list(found)
        owners = [
            OwnerTreeOwner(owner_id=node.owner_id, name=node.name, counts=show_counts(node.counts)) for node in members
        ]
        total = sum((node.counts for node in members), Counts())
        tiers.append(OwnerTreeTier(tier=tier, counts=show_counts(total), owners=owners))
    return tiers


def show_filter_field(item: FilterField, codes: CodeTables, *, sees_addresses: bool = True) -> FilterFieldNow:
    """Known values come from the field itself, else from its code table."""
    choices = [
        FilterChoice(value=value, label_en=item.labels_en.get(value, value), label_zh=words[0] if words else value)
        for value, words in item.choices.items()
        if sees_addresses or value not in item.restricted_values
    ]
    archived = find_field(_PLURALS.get(item.name, item.name))
    if not choices and archived is not None and archived.table:
        entries = codes.in_use(archived.table)
        choices = [FilterChoice(value=entry.code, label_en=entry.en, label_zh=entry.zh) for entry in entries]
    return FilterFieldNow(
        name=item.name,
        kind=item.kind,
        label_en=item.label_en,
        label_zh=item.label_zh,
        aliases=list(item.aliases),
        operators=[operator.value for operator in operators_of(item)],
        choices=choices,
        sortable=item.name in SORTS,
    )
