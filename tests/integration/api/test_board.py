"""The office's board over HTTP: numbers with their age, the line of the last day, faults folded under their outage."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import update

from tests.builders.maintained_town import BEHIND_SWITCH, CAMERAS, FIRM, SWITCH, fill
from tests.builders.web import Web
from vms.access.roles import Role
from vms.services.sample_board import EVERY_S, sample_board
from vms.store.schema import cameras


async def asked(client: Any, path: str, **query: Any) -> Any:
    answer = await client.get(path, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_the_office_sees_its_city_from_the_city_down_to_one_fault(web: Web) -> None:
    fill(web.database, web.clock())
    office = await web.signed_in(Role.MAINTAINER)

    board = await asked(office, "/health/board")
    assert [step["name"] for step in board["path"]] == ["郑州市"]
    assert [(row["name"], row["deeper"]) for row in board["rows"]] == [
        ("郑州市", False),  # the order for the switch, whose cameras lie in both districts
        ("二七区", False),
        ("金水区", False),
    ]
    together, rows = board["all"], board["rows"]
    assert (together["total"], together["outages"], board["figures"], board["coverage_lost"]) == (
        CAMERAS,
        1,
        None,
        None,
    )
    assert sum(row["orders_open"] for row in rows) == together["orders_open"] > 0
    assert sum(row["down"] for row in rows) == together["down"]
    inside = await asked(office, "/health/board", region="410105", by="maintainer")
    assert [(row["name"], row["total"]) for row in inside["rows"]] == [(FIRM, CAMERAS // 2)]
    assert (await office.get("/health/board", params={"region": "99"})).status_code == 404

    page = await asked(office, "/faults", fold=True)
    (folded,) = page["folded"]
    assert (folded["name"], folded["cameras"], folded["order"]["state"]) == (SWITCH, BEHIND_SWITCH, "assigned")
    assert page["total"] == 5, "three cameras that fell alone, two blurred pictures"
    assert all(item["outage_id"] is None and item["maintainer"] == FIRM for item in page["items"])
    under = await asked(office, "/faults", outage_id=folded["outage_id"])
    assert under["total"] == BEHIND_SWITCH

    ordered = await asked(office, "/faults", fold=True, ordered=True)
    without = await asked(office, "/faults", fold=True, ordered=False)
    assert (ordered["total"] + without["total"], len(ordered["folded"]), without["folded"]) == (5, 1, [])
    firm = page["items"][0]["maintainer_id"]
    assert (await asked(office, "/faults", maintainer=firm))["total"] == 5 + BEHIND_SWITCH
    assert (await asked(office, "/faults", maintainer=firm + 1))["total"] == 0
    assert (await asked(office, "/cameras", maintainer=firm, limit=1))["total"] == CAMERAS
    assert (await asked(office, "/cameras", maintainer=firm + 1))["total"] == 0

    with web.database.writing() as tx:
        tx.execute(update(cameras).values(lon=113.62 + cameras.c.id / 1e4, lat=34.75))
    areas = (await asked(office, "/health/outage-areas"))["features"]
    assert [(area["properties"]["name"], area["properties"]["cameras"]) for area in areas] == [(SWITCH, BEHIND_SWITCH)]

    calendar = await asked(office, f"/cameras/{under['items'][0]['camera_id']}/calendar", days=30)
    today = calendar["days"][-1]
    assert (len(calendar["days"]), len(today["parts_s"])) == (30, 7)
    assert all(abs(sum(day["parts_s"].values()) - day["length_s"]) < 1e-3 for day in calendar["days"])
    fallen = [day for day in calendar["days"] if under["items"][0]["id"] in day["faults"]]
    opened = await asked(office, f"/cameras/{under['items'][0]['camera_id']}/history", day=fallen[-1]["day"])
    assert under["items"][0]["id"] in [fault["id"] for fault in opened["faults"]]
    tomorrow = web.clock() + timedelta(days=2)
    late = await office.get("/cameras/1/history", params={"day": tomorrow.date().isoformat()})
    assert (late.status_code, late.json()["error"]["where"]) == (400, "day")


async def test_the_line_of_the_last_day_holds_what_was_counted_and_nothing_between(web: Web) -> None:
    fill(web.database, web.clock())
    operator = await web.signed_in(Role.OPERATOR)
    zone = ZoneInfo("Asia/Shanghai")
    assert (await asked(operator, "/health/trend"))["points"] == []
    for hours in (30, 3, 1):
        assert sample_board(web.database, zone, web.clock() - timedelta(hours=hours)) == CAMERAS
    trend = await asked(operator, "/health/trend")
    assert ([point["total"] for point in trend["points"]], trend["every_s"]) == ([CAMERAS, CAMERAS], EVERY_S)
    part = await asked(operator, "/health/trend", region="410105")
    assert [point["total"] for point in part["points"]] == [CAMERAS // 2] * 2
