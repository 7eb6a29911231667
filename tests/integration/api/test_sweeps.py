"""Sweeps over HTTP: started inside our own networks only, shown to staff, with addresses for those who may see them."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.builders.web import Web, running_web
from vms.access.roles import Role
from vms.inventory.device import Problem
from vms.inventory.sweep import SweepRequest
from vms.inventory.sweep_differences import Difference, FieldDifference, Kind
from vms.services.sweeping.start_sweep import Taker
from vms.store import sweep_findings, sweeps
from vms.store.database import Database
from vms.store.sweep_findings import Finding

GROUND = SweepRequest(
    cidrs=("127.44.200.0/22",),
    interfaces=("lo",),
    ports=(8080,),
    methods=("multicast", "unicast", "sweep"),
    allow=("127.44.200.0/22",),
)


@pytest.fixture
async def web(sqlite_database: Database, tmp_path: Path) -> AsyncIterator[Web]:
    async with running_web(sqlite_database, tmp_path, settings={"sweep_ground": GROUND}) as found:
        yield found


def put_finding(web: Web, sweep_id: int, address: str, *codes: str, outcome: str = "new") -> None:
    told = {"answered": True, "manufacturer": "M", "model": "X", "firmware": "1", "serial_no": "S", "macs": []}
    finding = Finding(
        address=address,
        port=8080,
        outcome=outcome,
        heard_by=("unicast",),
        problems=tuple(Problem(code=code, message="odd") for code in codes),
        told={**told, "channels": ["one"]},
        at=web.clock(),
    )
    with web.database.writing() as tx:
        sweep_findings.put(tx, sweep_id, [finding])


async def test_a_sweep_of_all_that_is_ours_is_started_paused_resumed_and_given_up(web: Web) -> None:
    keeper = await web.signed_in(Role.MAINTAINER)
    started = (await keeper.post("/sweeps", json={})).json()
    assert started["state"] == "waiting"
    assert started["ground"]["cidrs"] == list(GROUND.cidrs)
    assert started["ground"]["interfaces"] == ["lo"]
    assert (started["blocks_total"], started["addresses_total"]) == (6, 1022)
    door = f"/sweeps/{started['id']}"
    assert (await keeper.post(f"{door}/pause")).json()["state"] == "paused"
    assert (await keeper.post(f"{door}/pause")).status_code == 409
    assert (await keeper.post(f"{door}/resume")).json()["state"] == "waiting"
    assert (await keeper.post(f"{door}/cancel")).json()["state"] == "cancelled"
    assert (await keeper.post(f"{door}/resume")).status_code == 409
    assert [one["id"] for one in (await keeper.get("/sweeps?state=cancelled")).json()["items"]] == [started["id"]]
    assert (await keeper.get("/sweeps?state=running")).json() == {"total": 0, "items": []}
    assert (await keeper.get("/sweeps/99")).status_code == 404


NO_SWEEPS = (
    ({"cidrs": ["10.0.0.0/8"]}, "cidrs"),
    ({"cidrs": ["127.44.200.0/21"]}, "cidrs"),
    ({"cidrs": ["nonsense"]}, "cidrs"),
    ({"cidrs": []}, "cidrs"),
    ({"hosts": ["a b"]}, "hosts"),
    ({"hosts": ["1.1.1.1:80"]}, "hosts"),
    ({"hosts": ["127.44.200.1", "127.44.200.2\x00"]}, "hosts"),
    ({"hosts": ["camera\x1b[2Jone"]}, "hosts"),
    ({"hosts": ["10.0.0.300"]}, "hosts"),
    ({"hosts": ["camera.lan:" + "9" * 5000]}, "hosts"),
    ({"cidrs": ["127.44.200.0/24\x00"]}, "cidrs"),
    ({"interfaces": ["eth0;rm"]}, "interfaces"),
    ({"interfaces": ["eth99"]}, "interfaces"),
    ({"interfaces": ["lo", "l\u0000o"]}, "interfaces"),
    ({"interfaces": [""]}, "interfaces"),
    ({"interfaces": ["a-name-longer-than-the-kernel-takes"]}, "interfaces"),
    ({"ports": []}, "ports"),
    ({"ports": [0]}, "ports"),
    ({"ports": [70000]}, "ports"),
    ({"methods": ["guessing"]}, "methods"),
    ({"methods": [""]}, "methods"),
    ({"pace_per_s": 0.5}, "pace_per_s"),
)


async def test_nothing_outside_our_networks_and_no_nonsense_is_started(web: Web) -> None:
    keeper = await web.signed_in()
    for body, where in NO_SWEEPS:
        answer = await keeper.post("/sweeps", json=body)
        assert answer.status_code in (400, 422), body
        assert where in answer.json()["error"]["where"], body
        assert all(sign.isprintable() for sign in answer.json()["error"]["message"]), body
    assert (await keeper.get("/sweeps")).json()["total"] == 0


async def test_who_names_an_interface_that_is_not_there_is_told_which_there_are(web: Web) -> None:
    keeper = await web.signed_in()
    answer = await keeper.post("/sweeps", json={"interfaces": ["eth99"]})
    assert "no interface eth99; it has " in answer.json()["error"]["message"]
    assert "lo" in answer.json()["error"]["message"].split("it has ")[1].split(", ")
    assert (await keeper.post("/sweeps", json={"interfaces": ["lo"]})).status_code == 201


async def test_findings_are_filtered_by_outcome_problem_and_way_of_hearing(web: Web) -> None:
    keeper = await web.signed_in()
    sweep_id = (await keeper.post("/sweeps", json={})).json()["id"]
    put_finding(web, sweep_id, "127.44.200.1", "login_refused", "xaddr_rewritten")
    put_finding(web, sweep_id, "127.44.200.2", "login_refused_before", outcome="same")
    put_finding(web, sweep_id, "127.44.200.3")

    async def found(query: str) -> list[str]:
        answer = await keeper.get(f"/sweeps/{sweep_id}/findings?{query}")
        assert answer.status_code == 200, answer.text
        return [one["address"].rpartition(".")[2] for one in answer.json()["items"]]

    assert await found("") == ["1", "2", "3"]
    assert await found("problem=login_refused") == ["1"]
    assert await found("problem=any") == ["1", "2"]
    assert await found("outcome=same") == ["2"]
    assert await found("heard_by=unicast&limit=1&offset=2") == ["3"]
    assert await found("heard_by=multicast:lo") == []
    assert (await keeper.get(f"/sweeps/{sweep_id}/findings?problem=%22")).status_code == 422


async def test_differences_are_shown_with_what_they_are_compared_with(web: Web) -> None:
    keeper = await web.signed_in()
    first, second = [(await keeper.post("/sweeps", json={})).json()["id"] for _ in range(2)]
    change = FieldDifference(name="firmware", before="1", now="2")
    found = [
        Difference(kind=Kind.GONE, device_id=None, address="127.44.200.9", port=80),
        Difference(kind=Kind.CHANGED, device_id=None, address="127.44.200.7", port=80, fields=(change,)),
    ]
    with web.database.writing() as tx:
        sweep_findings.replace_differences(tx, second, found)
        sweeps.set_compared(tx, second, first)
    answer = (await keeper.get(f"/sweeps/{second}/differences")).json()
    assert (answer["compared_with"], answer["total"]) == (first, 2)
    assert answer["common"] == {
        "whole": True, "addresses": 1022, "cidrs": ["127.44.200.0/22"], "hosts": [], "interfaces": ["lo"],
    }  # fmt: skip
    part = (await keeper.post("/sweeps", json={"cidrs": ["127.44.201.0/24"], "methods": ["unicast"]})).json()["id"]
    with web.database.writing() as tx:
        sweeps.set_compared(tx, part, first)
    common = (await keeper.get(f"/sweeps/{part}/differences")).json()["common"]
    assert (common["whole"], common["cidrs"], common["interfaces"]) == (False, ["127.44.201.0/24"], [])
    assert (await keeper.get(f"/sweeps/{first}/differences")).json()["common"] is None
    (changed,) = (await keeper.get(f"/sweeps/{second}/differences?kind=changed")).json()["items"]
    assert changed["fields"] == [{"name": "firmware", "before": "1", "now": "2"}]


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.PLANNER, Role.REVIEWER])
async def test_others_of_the_staff_see_that_a_sweep_runs_but_not_where_and_change_nothing(web: Web, role) -> None:
    keeper, reader = await web.signed_in(), await web.signed_in(role)
    sweep_id = (await keeper.post("/sweeps", json={})).json()["id"]
    shown = (await reader.get(f"/sweeps/{sweep_id}")).json()
    assert (shown["state"], shown["ground"]) == ("waiting", None)
    assert "127.32" not in (await reader.get("/sweeps")).text
    assert (await reader.get(f"/sweeps/{sweep_id}/findings")).status_code == 403
    assert (await reader.get(f"/sweeps/{sweep_id}/differences")).status_code == 403
    assert (await reader.post("/sweeps", json={})).status_code == 403
    for verb in ("pause", "resume", "cancel"):
        assert (await reader.post(f"/sweeps/{sweep_id}/{verb}")).status_code == 403


async def test_a_paused_sweep_is_no_longer_its_runners(web: Web) -> None:
    keeper = await web.signed_in()
    sweep_id = (await keeper.post("/sweeps", json={})).json()["id"]
    later = web.clock() + timedelta(seconds=9)
    with web.database.writing() as tx:
        assert Taker(runner="one", lease_s=5).take(tx, sweep_id, web.clock()) is not None
        assert Taker(runner="two", lease_s=5).take(tx, sweep_id, web.clock()) is None, "one is at work"
        assert sweeps.renew(tx, sweep_id, "one", later)
        assert not sweeps.renew(tx, sweep_id, "two", later)
        assert Taker(runner="two", lease_s=5).take(tx, sweep_id, later + timedelta(seconds=1)) is not None
        assert not sweeps.renew(tx, sweep_id, "one", later), "another has taken over"
    await keeper.post(f"/sweeps/{sweep_id}/pause")
    with web.database.writing() as tx:
        assert not sweeps.renew(tx, sweep_id, "two", later)
        assert Taker(runner="three", lease_s=5).take_next(tx, later + timedelta(days=1)) is None
