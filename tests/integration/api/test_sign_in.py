"""Signing in over HTTP: sessions, lock-out, roles, other sites' pages."""

from datetime import timedelta
from pathlib import Path

from tests.builders.web import ADMIN_PASSWORD, Web, running_web
from vms.access.roles import Role
from vms.services.sign_in import ensure_administrator
from vms.store import events
from vms.store.database import Database


async def refused(web: Web, name: str = "admin", password: str = "wrong") -> tuple[int, str]:
    answer = await web.client().post("/session", json={"username": name, "password": password})
    return answer.status_code, answer.json()["error"]["code"]


async def test_the_right_password_gives_a_token_and_a_cookie_that_scripts_cannot_read(web: Web) -> None:
    answer = await web.client().post("/session", json={"username": "admin", "password": ADMIN_PASSWORD})
    assert answer.status_code == 200
    assert answer.json()["user"]["role"] == "admin"
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert answer.json()["token"] in answer.headers["set-cookie"]


async def test_cookie_and_bearer_token_both_open_the_door_until_sign_out(web: Web) -> None:
    by_cookie = web.client()
    token = (await by_cookie.post("/session", json={"username": "admin", "password": ADMIN_PASSWORD})).json()["token"]
    by_token = web.client(token)
    assert (await by_cookie.get("/session")).json()["user"]["name"] == "admin"
    assert (await by_token.get("/session")).status_code == 200
    assert (await by_token.delete("/session")).status_code == 204
    assert (await by_token.get("/session")).status_code == 401
    assert (await by_cookie.get("/session")).json()["error"]["code"] == "not_signed_in"


async def test_a_session_ends_after_eight_hours(web: Web) -> None:
    client = await web.signed_in()
    web.clock.forward(timedelta(hours=7, minutes=59))
    assert (await client.get("/session")).status_code == 200
    web.clock.forward(timedelta(minutes=2))
    assert (await client.get("/session")).status_code == 401


async def test_five_refusals_lock_the_name_out_for_a_quarter_of_an_hour(web: Web) -> None:
    for _ in range(5):
        assert await refused(web) == (401, "wrong_password")
    answer = await web.client().post("/session", json={"username": "admin", "password": ADMIN_PASSWORD})
    assert answer.status_code == 429
    assert answer.json()["error"]["code"] == "locked_out"
    assert 0 < int(answer.headers["retry-after"]) <= 900
    assert await refused(web, name="somebody") == (401, "wrong_password")
    web.clock.forward(timedelta(minutes=15))
    assert (await web.sign_in())["user"]["name"] == "admin"


async def test_a_good_sign_in_forgives_the_refusals_before(web: Web) -> None:
    for _ in range(2):
        for _ in range(4):
            await refused(web)
        assert await web.sign_in()


async def test_an_unknown_name_is_refused_in_the_same_words(web: Web) -> None:
    known = await web.client().post("/session", json={"username": "admin", "password": "wrong"})
    unknown = await web.client().post("/session", json={"username": "nobody", "password": "wrong"})
    assert known.json() == unknown.json()


async def test_too_many_sign_ins_of_one_address_are_slowed_down(sqlite_database: Database, tmp_path: Path) -> None:
    async with running_web(sqlite_database, tmp_path, settings={"sign_ins_per_minute": 3}) as web:
        assert [(await refused(web, name=f"user{number}")) for number in range(4)] == [
            (401, "wrong_password"),
            (401, "wrong_password"),
            (401, "wrong_password"),
            (429, "too_many"),
        ]


async def test_a_disabled_user_is_out_at_once_and_a_new_password_ends_open_sessions(web: Web) -> None:
    admin, operator = await web.signed_in(), await web.signed_in(Role.OPERATOR)
    user = (await operator.get("/session")).json()["user"]
    assert (await admin.patch(f"/users/{user['id']}", json={"password": "a new one, longer"})).status_code == 200
    assert (await operator.get("/session")).status_code == 401
    again = web.client((await web.sign_in("operator", "a new one, longer"))["token"])
    assert (await admin.patch(f"/users/{user['id']}", json={"disabled": True})).json()["disabled_at"]
    assert (await again.get("/session")).status_code == 401
    assert await refused(web, "operator", "a new one, longer") == (401, "wrong_password")


async def test_only_an_administrator_makes_users_and_names_are_unique(web: Web) -> None:
    admin, operator = await web.signed_in(), await web.signed_in(Role.OPERATOR)
    new = {"name": "wang", "password": "long enough 1", "role": "planner"}
    assert (await operator.post("/users", json=new)).status_code == 403
    assert (await admin.post("/users", json=new)).status_code == 201
    assert (await admin.post("/users", json=new)).status_code == 409
    assert (await admin.post("/users", json={**new, "name": "zhao", "role": "owner"})).status_code == 400
    assert {"admin", "operator", "wang"} == {row["name"] for row in (await admin.get("/users")).json()["items"]}
    assert "password" not in (await admin.get("/users")).text


async def test_another_sites_page_cannot_use_the_cookie(web: Web) -> None:
    client = web.client()
    await client.post("/session", json={"username": "admin", "password": ADMIN_PASSWORD})
    report = {"lon": 113.62, "lat": 34.75, "category": "help"}
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}):
        answer = await client.post("/incidents", json=report, headers=headers)
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "other_origin")
    assert (await client.post("/incidents", json=report, headers={"Origin": web.url})).status_code == 201


async def test_the_first_administrator_is_made_once_and_a_made_password_is_told_once(web: Web) -> None:
    assert ensure_administrator(web.database, None, web.clock()) is None


async def test_sign_ins_are_written_down_without_the_password(web: Web) -> None:
    await refused(web, password="my secret guess")
    await web.sign_in()
    with web.database.reading() as tx:
        news = events.after(tx, 0, 100)
    assert {"sign_in.refused", "sign_in.opened"} <= {event.kind for event in news}
    assert "my secret guess" not in str(news)
