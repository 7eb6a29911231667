"""A device is never harmed."""

import asyncio
import itertools

from vms.devices.budget import Login, LoginGuard, Refusal, RequestBudget


async def test_a_device_gets_one_request_at_a_time_and_another_device_its_own() -> None:
    budget = RequestBudget()
    inside = {1: 0, 2: 0}
    most = {1: 0, 2: 0}
    both = asyncio.Event()

    async def ask(port: int) -> None:
        async with budget.turn("127.0.0.1", port):
            inside[port] += 1
            most[port] = max(most[port], inside[port])
            if inside[1] and inside[2]:
                both.set()
            await asyncio.sleep(0)
            inside[port] -= 1

    await asyncio.gather(*(ask(port) for port in (1, 2) * 20))
    assert most == {1: 1, 2: 1}
    assert both.is_set()
    assert len(budget) == 0


async def test_requests_to_one_device_are_spaced() -> None:
    budget = RequestBudget(spacing_s=0.03)
    loop = asyncio.get_running_loop()
    begins: list[float] = []
    for _ in range(3):
        async with budget.turn("127.0.0.1", 80):
            begins.append(loop.time())
    assert all(later - earlier >= 0.029 for earlier, later in itertools.pairwise(begins))


async def test_a_turn_that_fails_gives_the_device_free() -> None:
    budget = RequestBudget()
    try:
        async with budget.turn("127.0.0.1", 80):
            raise ConnectionError
    except ConnectionError:
        pass
    async with asyncio.timeout(1), budget.turn("127.0.0.1", 80):
        pass
    assert len(budget) == 0


def test_a_refused_login_waits_for_another_version() -> None:
    guard = LoginGuard()
    guard.refuse("a:80", Login(username="u", password="p", version="1"))
    assert not guard.may_sign_in("a:80", Login(username="u", password="p", version="1"))
    assert guard.may_sign_in("a:80", Login(username="u", password="q", version="2"))
    assert guard.may_sign_in("b:80", Login(username="u", password="p", version="1"))


def test_the_memory_is_data_that_can_be_stored() -> None:
    guard = LoginGuard()
    guard.refuse("a:80", Login(username="u", password="p", version="7"))
    again = LoginGuard(guard.refusals)
    assert guard.refusals == (Refusal("a:80", "7"),)
    assert not again.may_sign_in("a:80", Login(username="u", password="p", version="7"))
    again.forget("a:80")
    assert again.may_sign_in("a:80", Login(username="u", password="p", version="7"))


def test_a_password_is_not_shown() -> None:
    assert "secret" not in repr(Login(username="u", password="secret"))
