"""The Digest gate as RFC 7616 has it."""

import pytest

from tests.builders.sim import answer_challenge
from vms.sim.digest import NONCE_LIVES_S, DigestGate, Verdict

USER = {"username": "admin", "password": "secret"}


def check(gate: DigestGate, login: str | None, *, method: str = "POST", now_s: float = 0.0, **user: str) -> Verdict:
    return gate.check(login, method=method, now_s=now_s, **(USER | user))


@pytest.mark.parametrize("which", [0, 1])
def test_the_right_answer_counts_once(which: int) -> None:
    gate = DigestGate("maker")
    challenge = gate.challenges(0.0)[which]
    login = answer_challenge(challenge, method="POST", uri="/x", **USER)
    assert check(gate, login) is Verdict.RIGHT
    assert check(gate, login) is Verdict.STALE
    assert check(gate, answer_challenge(challenge, method="POST", uri="/x", count=2, **USER)) is Verdict.RIGHT


def test_an_old_or_invented_nonce_is_stale_and_a_wrong_answer_wrong() -> None:
    gate = DigestGate("maker")
    challenge = gate.challenges(0.0)[0]
    login = answer_challenge(challenge, method="POST", uri="/x", **USER)
    assert check(gate, login, now_s=NONCE_LIVES_S + 1) is Verdict.STALE
    assert check(gate, login, method="GET") is Verdict.WRONG
    assert check(gate, login, password="other") is Verdict.WRONG
    assert check(gate, login, username="root") is Verdict.WRONG
    invented = 'Digest realm="maker", qop="auth", algorithm=MD5, nonce="0-aa-bb"'
    assert check(gate, answer_challenge(invented, method="POST", uri="/x", **USER)) is Verdict.STALE


@pytest.mark.parametrize("login", ["Basic YTpi", "Digest ", "Digest username=admin", "Digest " + "a=b," * 1000])
def test_what_is_no_answer_is_wrong(login: str) -> None:
    assert check(DigestGate("maker"), login) is Verdict.WRONG


def test_nothing_is_missing_and_rtsp_needs_no_count() -> None:
    gate = DigestGate("maker")
    assert check(gate, None) is Verdict.MISSING
    login = answer_challenge(gate.challenges(0.0, counted=False)[0], method="PLAY", uri="rtsp://x/", **USER)
    assert check(gate, login, method="PLAY") is Verdict.RIGHT
    assert check(gate, login, method="PLAY") is Verdict.RIGHT
