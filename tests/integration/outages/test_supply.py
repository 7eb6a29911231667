"""What cameras hang on: typed, imported, learnt, asked for."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from tests.builders.fallen_cameras import NOON, a_falling_town, a_node
from vms.core.errors import BadInput, Conflict, NotFound
from vms.health.outages.node import NodeKind, NodeSource
from vms.services.supply.edit_supply import NodeWish, add_node, change_node, confirm_node, retire_node
from vms.services.supply.impact import impact_of
from vms.services.supply.import_supply import import_supply
from vms.services.supply.learn_supply import Learnt, learn_supply
from vms.store import outages, supply
from vms.store.database import Database
from vms.store.schema import events, supply_members

LIST = """name,kind,parent,device
cabinet 1,switch,feeder A,10.0.0.1
cabinet 1,switch,feeder A,10.0.0.2:80
cabinet 2,,feeder A,10.0.0.3
cabinet 3,交换机,,10.9.9.9
cabinet 4,toaster,,10.0.0.4
"""


def test_a_list_of_switches_is_taken_in_and_its_bad_rows_are_named(database: Database, tmp_path: Path) -> None:
    town = a_falling_town(database, 5)
    file = tmp_path / "supply.csv"
    file.write_text(LIST, encoding="utf-8")
    tried = import_supply(database, file, "wang", NOON, dry_run=True)
    with database.reading() as tx:
        assert supply.page(tx).total == 0, "a dry run changes nothing"
    done = import_supply(database, file, "wang", NOON)
    assert tried == done
    assert (done.added, done.changed, done.rejected, done.devices) == (3, 0, 2, 3)
    assert [(error.row, error.field) for error in done.errors] == [(5, "device"), (6, "kind")]
    with database.reading() as tx:
        found = {node.name: node for node in supply.page(tx).items}
        assert found["cabinet 1"].parent_id == found["feeder A"].node_id
        assert found["feeder A"].kind is NodeKind.POWER_FEEDER
        below = supply.cameras_below(tx, NodeKind.POWER_FEEDER, str(found["feeder A"].node_id))
    assert below == town.cameras[:3]
    again = import_supply(database, file, "wang", NOON)
    assert (again.added, again.changed, again.unchanged) == (0, 0, 2)


def test_a_list_in_the_office_encoding_with_chinese_headings_comes_in(database: Database, tmp_path: Path) -> None:
    a_falling_town(database, 2)
    file = tmp_path / "供电.csv"
    file.write_bytes("交换机,设备\n一号机柜,10.0.0.1\n".encode("gb18030"))
    assert import_supply(database, file, "wang", NOON).added == 1
    file.write_text("something,else\n1,2\n", encoding="utf-8")
    with pytest.raises(BadInput, match="no column is called name or device"):
        import_supply(database, file, "wang", NOON)


def test_nodes_are_typed_changed_and_taken_out(database: Database) -> None:
    town = a_falling_town(database, 4)
    with database.writing() as tx:
        feeder = add_node(tx, NodeWish(kind=NodeKind.POWER_FEEDER, name="F"), "wang", NOON)
        wish = NodeWish(kind=NodeKind.SWITCH, name="S", parent_id=feeder.node_id, devices=tuple(town.devices[:2]))
        switch = add_node(tx, wish, "wang", NOON)
    with database.writing() as tx:
        with pytest.raises(Conflict):
            add_node(tx, wish, "wang", NOON)
        with pytest.raises(BadInput, match="hangs on this node itself"):
            wish = NodeWish(kind=NodeKind.POWER_FEEDER, name="F", parent_id=switch.node_id)
            change_node(tx, feeder.node_id, wish, "wang", NOON)
        with pytest.raises(BadInput, match="no device 999"):
            add_node(tx, NodeWish(kind=NodeKind.SWITCH, name="T", devices=(999,)), "wang", NOON)
        with pytest.raises(BadInput, match="follows from the archive"):
            add_node(tx, NodeWish(kind=NodeKind.POLE, name="P1"), "wang", NOON)
        with pytest.raises(Conflict, match="learnt"):
            confirm_node(tx, switch.node_id, "wang", NOON)
    with database.writing() as tx:
        retire_node(tx, feeder.node_id, "wang", NOON)
        assert supply.get(tx, switch.node_id).parent_id is None
        told = select(func.count()).select_from(events).where(events.c.kind == "supply.changed")
        assert tx.execute(told).scalar_one() == 3


def test_what_goes_blind_is_counted(database: Database) -> None:
    town = a_falling_town(database, 10, channels=2, pole=5)
    node = a_node(database, "cabinet", town.devices[:3])
    parent = a_node(database, "feeder", town.devices[3:4], kind=NodeKind.POWER_FEEDER)
    with database.writing() as tx:
        supply.change(tx, node, {"parent_id": parent})
    town.fall(town.cameras[:1])
    with database.reading() as tx:
        found = impact_of(tx, NodeKind.POWER_FEEDER, str(parent), town.now)
        assert (found.name, found.cameras, found.already_down) == ("feeder", 8, 1)
        assert found.by_tier == {"government": 8}
        assert found.by_region == {"410110": ("410110", 8)}
        assert [one.camera_id for one in found.listed] == town.cameras[:8]
        assert impact_of(tx, NodeKind.NVR, str(town.devices[0]), town.now).cameras == 2
        assert impact_of(tx, NodeKind.POLE, "P0", town.now).cameras == 10
        assert impact_of(tx, NodeKind.REGION, "4101", town.now).cameras == 20
        with pytest.raises(NotFound):
            impact_of(tx, NodeKind.POLE, "P77", town.now)
        with pytest.raises(NotFound):
            impact_of(tx, NodeKind.SWITCH, "4711", town.now)
        with pytest.raises(BadInput):
            impact_of(tx, NodeKind.SUBNET, "everywhere", town.now)


def test_what_fails_together_three_times_is_learnt_and_then_named(database: Database) -> None:
    town = a_falling_town(database, 40)
    hidden = town.cameras[8:13]
    for _ in range(3):
        town.fall(hidden)
        town.now += timedelta(minutes=10)
        town.rise(hidden)
        town.now += timedelta(hours=5)
    assert learn_supply(database, town.now).proposed == 1
    with database.reading() as tx:
        (node,) = supply.page(tx).items
        assert {one.device_id for one in supply.members(tx, node.node_id)} == set(town.devices[8:13])
    assert (node.source, node.confirmed_at) == (NodeSource.LEARNT, None)
    assert (node.evidence["events"], node.evidence["surely"]) == (3, 1.0)
    assert learn_supply(database, town.now) == Learnt(), "twice the same tells nothing"
    town.restart()
    town.fall(hidden)
    town.wait(seconds=90)
    with database.reading() as tx:
        (outage,) = outages.page(tx, outages.OutageFilter()).items
    assert (outage.kind, outage.source, outage.name) == ("switch", "learnt", node.name)


def test_what_a_person_rejected_is_not_proposed_again(database: Database) -> None:
    town = a_falling_town(database, 40)
    hidden = town.cameras[8:13]
    for _ in range(3):
        town.fall(hidden)
        town.rise(hidden)
        town.now += timedelta(hours=5)
    learn_supply(database, town.now)
    with database.writing() as tx:
        (node,) = supply.page(tx).items
        retire_node(tx, node.node_id, "wang", NOON)
    done = learn_supply(database, town.now)
    assert (done.proposed, done.rejected) == (0, 1)
    with database.reading() as tx:
        assert tx.execute(select(func.count()).select_from(supply_members)).scalar_one() == 5, "it is remembered"


def test_what_is_typed_already_is_not_learnt(database: Database) -> None:
    town = a_falling_town(database, 40)
    a_node(database, "cabinet", town.devices[8:13])
    for _ in range(3):
        town.fall(town.cameras[8:13])
        town.rise(town.cameras[8:13])
        town.now += timedelta(hours=5)
    assert learn_supply(database, town.now).proposed == 0


def test_neighbours_hang_on_the_same_switch_or_on_another_of_its_feeder(database: Database) -> None:
    town = a_falling_town(database, 10)
    feeder = a_node(database, "feeder", town.devices[6:7], kind=NodeKind.POWER_FEEDER)
    first = a_node(database, "cabinet 1", town.devices[:3], parent=feeder)
    a_node(database, "cabinet 2", town.devices[3:6], parent=feeder)
    a_node(database, "elsewhere", town.devices[7:9])
    with database.reading() as tx:
        beside = supply.hanging_beside(tx, town.devices[:1])
        assert beside == {first: set(town.devices[:3]), feeder: set(town.devices[:7])}
        assert supply.hanging_beside(tx, town.devices[9:]) == {}
    with database.writing() as tx:
        retire_node(tx, first, "wang", NOON)
    with database.reading() as tx:
        assert supply.hanging_beside(tx, town.devices[:1]) == {}, "what was taken out holds nobody together"
