"""Pages of long lists: stable, complete, ranked."""

from datetime import timedelta

import pytest
from sqlalchemy import func

from tests.builders.listed_cameras import NOW, a_listed_town
from vms.core.errors import BadInput, NotAllowed
from vms.core.ids import MaintainerId
from vms.inventory.camera import Declared, LifeCycle
from vms.inventory.device import ObservedDevice
from vms.inventory.filters.expression import parse_filter
from vms.inventory.filters.search_text import WHOSE
from vms.inventory.tier import Tier
from vms.services.fill_search_words import fill_search_words
from vms.store import camera_pages, cameras, devices, search_columns
from vms.store.camera_changes import Author
from vms.store.camera_filter import CameraFilter
from vms.store.camera_order import SORTS
from vms.store.database import Database
from vms.store.schema import cameras as camera_table
from vms.store.schema import search_texts

EVERYBODY = CameraFilter(sees_addresses=True)


def found(database: Database, text: str, **more: object) -> list[int]:
    wanted = CameraFilter(text=text, **{"sees_addresses": True} | more)  # type: ignore[arg-type]
    with database.reading() as tx:
        return list(camera_pages.id_page(tx, wanted, now=NOW).ids)


def walked(database: Database, wanted: CameraFilter, sort: str) -> list[int]:
    """By cursor, two at a time."""
    ids: list[int] = []
    after = ""
    while True:
        with database.reading() as tx:
            page = camera_pages.id_page(tx, wanted, now=NOW, sort=sort, limit=2, after=after)
        ids.extend(page.ids)
        if page.next is None:
            return ids
        after = page.next


def test_every_order_is_complete_and_stable_by_cursor_and_by_offset(database: Database) -> None:
    a_listed_town(database)
    with database.writing() as tx:
        for number in range(6):
            declared = Declared(name=f"点{number % 2}", tier=Tier.UNIT, region_code="4101")
            cameras.add(tx, declared, life_cycle=LifeCycle.APPROVED, now=NOW + timedelta(minutes=number))
    narrow = CameraFilter(sees_addresses=True, expression=parse_filter("tier=unit or has:device"))
    some = ("name", "-installed_on", "status", "-since", "address", "-changed_at")
    lists = [(EVERYBODY, (*SORTS, *(f"-{one}" for one in SORTS))), (narrow, some)]
    for wanted, sorts in [*lists, (CameraFilter(in_service_only=True, sees_addresses=True), some)]:
        for sort in sorts:
            with database.reading() as tx:
                whole = camera_pages.id_page(tx, wanted, now=NOW, sort=sort, limit=500)
                pieces = [
                    one
                    for offset in range(0, 14, 5)
                    for one in camera_pages.id_page(tx, wanted, now=NOW, sort=sort, limit=5, offset=offset).ids
                ]
            assert len(set(whole.ids)) == len(whole.ids) == whole.total, sort
            assert whole.next is None
            assert pieces == list(whole.ids), sort
            assert walked(database, wanted, sort) == list(whole.ids), sort


def test_a_list_turned_round_is_the_same_list_from_its_end(database: Database) -> None:
    a_listed_town(database)
    for sort in SORTS:
        with database.reading() as tx:
            there = camera_pages.id_page(tx, EVERYBODY, now=NOW, sort=sort).ids
            back = camera_pages.id_page(tx, EVERYBODY, now=NOW, sort=f"-{sort}").ids
        assert there == back[::-1], sort


def test_addresses_are_ordered_as_numbers(database: Database) -> None:
    town = a_listed_town(database)
    with database.reading() as tx:
        ids = camera_pages.id_page(tx, EVERYBODY, now=NOW, sort="address").ids
    assert ids == (town.gone, town.north_gate, town.south_gate, town.found, town.shop)


def test_the_total_counts_all_also_on_a_page_beyond_the_end(database: Database) -> None:
    a_listed_town(database)
    for wanted in (EVERYBODY, CameraFilter(tier=Tier.UNIT)):
        with database.reading() as tx:
            page = camera_pages.id_page(tx, wanted, now=NOW, offset=100)
        assert (page.ids, page.next) == ((), None)
        assert page.total == (5 if wanted is EVERYBODY else 1)


@pytest.mark.parametrize("sort", ["colour", "--name", "name; drop table cameras"])
def test_an_unknown_order_is_refused_with_those_known(sqlite_database: Database, sort: str) -> None:
    with sqlite_database.reading() as tx, pytest.raises(BadInput, match=r"cannot be sorted by .* known are id, "):
        camera_pages.id_page(tx, EVERYBODY, now=NOW, sort=sort)


@pytest.mark.parametrize(
    "after", ["x", "W10", "WyJpZCIsIGZhbHNlLCAxLCAxXQ", "WyJuYW1lIiwgZmFsc2UsIG51bGwsIDFd", "é" * 9]
)
def test_a_cursor_of_another_order_or_none_at_all_is_refused(sqlite_database: Database, after: str) -> None:
    with sqlite_database.reading() as tx, pytest.raises(BadInput, match="after: not the `next`"):
        camera_pages.id_page(tx, EVERYBODY, now=NOW, sort="name", after=after)


def test_an_order_by_address_is_for_those_who_may_read_addresses(sqlite_database: Database) -> None:
    with sqlite_database.reading() as tx, pytest.raises(NotAllowed, match="may not sort by address"):
        camera_pages.id_page(tx, CameraFilter(), now=NOW, sort="address")


def test_a_search_finds_by_anything(database: Database) -> None:
    town = a_listed_town(database)
    for query in ("北门", "bmzk", "P-001", "41010500001320000001", "SN-AAA1", "44:19:B6:00:00:01", "hikvision",
                  "ds-2cd1", "10.1.0.5", "rml12h", "人民路", "zk 金水"):  # fmt: skip
        assert found(database, query) == [town.north_gate], query
    assert found(database, "便民") == found(database, "bmsd") == [town.shop]
    assert found(database, "北门 南门") == []
    assert set(found(database, "10.1.0")) == {town.north_gate, town.south_gate}
    assert found(database, "100%") == found(database, "_") == []
    assert town.found in found(database, "P3245")


def test_addresses_are_not_searched_for_those_who_may_not_read_them(database: Database) -> None:
    town = a_listed_town(database)
    assert found(database, "10.1.0.5", sees_addresses=False) == []
    assert found(database, "44:19:b6:00:00:01", sees_addresses=False) == []
    assert found(database, "4419b6000001") == [town.north_gate]
    assert found(database, "bmzk", sees_addresses=False) == [town.north_gate]


def test_the_exact_find_comes_first_then_names_that_begin_so_then_the_rest(database: Database) -> None:
    with database.writing() as tx:
        added = [
            cameras.add(tx, Declared(tier=Tier.UNIT, **entry), life_cycle=LifeCycle.APPROVED, now=NOW)
            for entry in (
                {"name": "靠近 A100 的路口"},
                {"name": "A100路口"},
                {"name": "东门", "pole_code": "A100"},
                {"name": "西门", "pole_code": "A1001"},
            )
        ]
    order = found(database, "a100")
    assert order[0] == added[2]
    assert set(order[1:]) == {added[0], added[1], added[3]}
    assert order.index(added[1]) < order.index(added[3])
    assert found(database, str(added[3]))[0] == added[3], "its number is an exact find"


def test_a_camera_is_found_by_what_it_becomes_and_no_longer_by_what_it_was(database: Database) -> None:
    town = a_listed_town(database)
    with database.writing() as tx:
        cameras.change_columns(tx, town.north_gate, {"name": "东门"}, NOW, author=Author(who="x"))
        moved = ObservedDevice(address="10.9.9.9", port=80, serial_no="SN-NEW", manufacturer="Hikvision", model="X")
        device_id = cameras.get(tx, town.south_gate).device_id
        assert device_id is not None
        devices.update_observed(tx, device_id, moved, NOW)
    assert found(database, "bmzk") == []
    assert found(database, "dongmen") == [town.north_gate]
    assert found(database, "10.9.9.9") == found(database, "sn-new") == [town.south_gate]
    assert found(database, "10.1.0.40") == []
    with database.reading() as tx:
        by_network = CameraFilter(expression=parse_filter("address in 10.9.0.0/16"), sees_addresses=True)
        assert camera_pages.id_page(tx, by_network, now=NOW).ids == (town.south_gate,)


def test_cameras_stored_before_there_was_a_search_get_their_words_later(database: Database) -> None:
    town = a_listed_town(database)
    nothing = {name: None if name == "address_number" else "" for name in search_columns.SHOWN}
    with database.writing() as tx:
        tx.execute(search_texts.delete())
        tx.execute(camera_table.update().values(**nothing))
    assert found(database, "bmzk") == []
    assert fill_search_words(database) == 5
    assert fill_search_words(database) == 0
    assert found(database, "bmzk") == [town.north_gate]
    assert found(database, "10.2.0.7") == [town.shop]


def test_words_of_before_owners_were_told_apart_are_made_anew_and_tell_a_crew_nothing_meanwhile(
    database: Database,
) -> None:
    town = a_listed_town(database)
    with database.writing() as tx:
        old = func.replace(search_texts.c.letters, WHOSE, ""), func.replace(search_texts.c.words, WHOSE, "")
        tx.execute(search_texts.update().values(letters=old[0], words=old[1]))
    crew = CameraFilter(text="bmzk", crew_of=MaintainerId(1))
    with database.reading() as tx:
        assert camera_pages.id_page(tx, crew, now=NOW).ids == ()
    assert found(database, "bmzk") == [town.north_gate]
    assert fill_search_words(database) == 5
    with database.reading() as tx:
        assert camera_pages.id_page(tx, crew, now=NOW).ids == (town.north_gate,)
