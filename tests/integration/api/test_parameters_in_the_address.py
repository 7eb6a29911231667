"""What is asked in an address is taken as it is meant, or refused with its name."""

import pytest

from tests.builders.web import Web, put_camera
from vms.access.roles import Role


@pytest.mark.parametrize(
    "path", ["/faults?state=open&state=closed", "/cameras?limit=1&q=a&limit=2", "/cameras?q=a&q=a"]
)
async def test_a_parameter_that_takes_one_value_is_not_given_twice(web: Web, path: str) -> None:
    operator = await web.signed_in(Role.OPERATOR)
    answer = await operator.get(path)
    name = path.partition("?")[2].partition("=")[0]
    assert (answer.status_code, answer.json()["error"]["where"]) == (422, name)
    assert answer.json()["error"]["message"].endswith("it is given more than once")


async def test_a_list_is_given_as_often_as_one_likes(web: Web) -> None:
    operator = await web.signed_in(Role.OPERATOR)
    ids = [put_camera(web, address=f"127.93.152.{number}") for number in (1, 2)]
    answer = await operator.get("/coverage/price", params={"camera": ids})
    assert [row["camera_id"] for row in answer.json()["items"]] == ids


async def test_a_word_that_is_none_is_answered_with_all_that_are_taken(web: Web) -> None:
    operator = await web.signed_in(Role.OPERATOR)
    error = (await operator.get("/work-orders?state=bogus")).json()["error"]
    assert error["where"] == "state"
    for word in ("'detected'", "'suspended'", "'open'", "'ended'", "'all'"):
        assert word in error["message"]
    assert "Input should be" in error["message"]


@pytest.mark.parametrize("path", ["/faults?region=999999", "/health/board?region=999999", "/cameras?region=999999"])
async def test_a_region_that_is_none_is_answered_with_the_name_of_the_parameter(web: Web, path: str) -> None:
    operator = await web.signed_in(Role.OPERATOR)
    answer = await operator.get(path)
    assert (answer.status_code, answer.json()["error"]["where"]) == (404, "region")
