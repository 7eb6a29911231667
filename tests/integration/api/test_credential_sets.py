"""Credential sets over HTTP: put in, shown without the password, their uses, taken away; roles."""

import json

from tests.builders.web import Web
from vms.access.roles import Role
from vms.inventory.device import ObservedDevice
from vms.inventory.tier import Tier
from vms.store import credential_uses, credentials, devices, owners
from vms.store.credential_uses import Purpose, Use

SECRET = "Geheim-und-lang-1"


async def test_a_set_is_put_in_changed_shown_and_taken_away_and_its_password_never_comes_back(web: Web) -> None:
    admin = await web.signed_in(Role.ADMIN)
    answers = []
    made = await admin.put("/credentials/street", json={"username": "admin", "password": SECRET})
    assert made.status_code == 200, made.text
    assert (made.json()["version"], made.json()["owner"], made.json()["devices"]) == (1, None, 0)
    answers.append(made)
    answers.append(await admin.put("/credentials/street", json={"username": "admin", "password": SECRET}))
    assert answers[-1].json()["version"] == 2, "a person has looked at it: refused devices are asked once more"
    answers.append(await admin.get("/credentials"))
    assert [one["name"] for one in answers[-1].json()["items"]] == ["street"]
    answers.append(await admin.put("/credentials/street", json={"username": "", "password": SECRET}))
    assert answers[-1].status_code == 422
    answers.append(await admin.put("/credentials/street", json={"username": "a", "password": SECRET * 20}))
    assert answers[-1].status_code == 422
    answers.append(await admin.put("/credentials/street", json={"user": "a", "password": SECRET}))
    assert answers[-1].status_code == 422
    answers.append(
        await admin.put("/credentials/street", json={"username": "a", "password": SECRET, "owner": "nobody"})
    )
    assert answers[-1].status_code == 400
    assert all(SECRET not in answer.text for answer in answers)
    assert (await admin.delete("/credentials/street")).status_code == 204
    assert (await admin.delete("/credentials/street")).status_code == 404


async def test_a_set_that_a_device_uses_stays_and_shows_by_whom_it_is_used_and_refused(web: Web) -> None:
    admin = await web.signed_in(Role.ADMIN)
    now = web.clock()
    with web.database.writing() as tx:
        shop = owners.ensure(tx, "街角小店", Tier.UNIT, now)
        set_id = credentials.put(tx, web.rooms.box, "shop", "admin", SECRET, now, owner_id=shop)
        device_id = devices.insert_observed(tx, ObservedDevice(address="10.0.0.9", port=80), (), now)
        devices.set_login(tx, device_id, set_id, {set_id: 1})
        live = Use(credential_id=set_id, device_id=device_id, purpose=Purpose.LIVE, who="anna")
        sweep = Use(credential_id=set_id, purpose=Purpose.DISCOVERY, who="discovery", refused=1)
        credential_uses.note(tx, [live, live, sweep], now)
        credential_uses.note(tx, [live], now)
    (row,) = (await admin.get("/credentials")).json()["items"]
    assert (row["owner"], row["devices"], row["refused_by"]) == ("街角小店", 1, 1)
    assert (row["uses"], row["refused"]) == (4, 1)
    assert row["last_used_at"] is not None
    uses = (await admin.get(f"/credentials/{set_id}/uses")).json()
    assert uses["total"] == 2
    by_who = {one["who"]: one for one in uses["items"]}
    assert (by_who["anna"]["count"], by_who["anna"]["address"]) == (3, "10.0.0.9")
    assert (by_who["discovery"]["device_id"], by_who["discovery"]["refused"]) == (None, 1)
    there = (await admin.get(f"/devices/{device_id}/credential-uses")).json()
    assert [(one["credential"], one["who"], one["count"]) for one in there["items"]] == [("shop", "anna", 3)]
    keeper = await web.signed_in(Role.MAINTAINER)
    assert (await keeper.get(f"/devices/{device_id}/credential-uses")).status_code == 403
    assert (await admin.get("/devices/999/credential-uses")).status_code == 404
    refused = await admin.delete("/credentials/shop")
    assert refused.status_code == 409
    assert "1 devices" in refused.json()["error"]["message"]
    await admin.put("/credentials/shop", json={"username": "admin", "password": "another"})
    (row,) = (await admin.get("/credentials")).json()["items"]
    assert (row["refused_by"], row["owner"]) == (0, "街角小店")


async def test_sets_are_the_administrators_and_their_names_also_the_maintainers(web: Web) -> None:
    body = {"username": "a", "password": SECRET}
    for role in Role:
        client = await web.signed_in(role, owner_id=None) if role is not Role.OWNER else None
        if client is None:
            continue
        listed = (await client.get("/credentials")).status_code
        put = (await client.put("/credentials/x", json=body)).status_code
        uses = (await client.get("/credentials/1/uses")).status_code
        assert listed == (200 if role in (Role.ADMIN, Role.MAINTAINER) else 403), role
        assert (put == 200) == (role is Role.ADMIN), role
        assert (uses == 403) == (role is not Role.ADMIN), role


async def test_news_of_a_set_tells_no_secret(web: Web) -> None:
    admin = await web.signed_in(Role.ADMIN)
    await admin.put("/credentials/street", json={"username": "admin", "password": SECRET})
    with web.database.reading() as tx:
        told = [dict(row) for row in tx.exec_driver_sql("SELECT kind, content FROM events").mappings()]
    assert any(row["kind"] == "credential.set_by_person" for row in told)
    assert SECRET not in json.dumps(told, default=str)
