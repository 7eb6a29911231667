"""The states of a registration, and in one sentence what its owner allows."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from vms.access.consent import Consent, ConsentMode


class RegistrationStatus(StrEnum):
    SUBMITTED = "submitted"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Sentence(NamedTuple):
    en: str
    zh: str


def who_may_see(status: RegistrationStatus, mode: ConsentMode, radius_m: float) -> Sentence:
    """Of a registration whose consent is not in force yet or no longer."""
    match status:
        case RegistrationStatus.REFUSED:
            return Sentence(
                "Nobody sees your camera: the registration was refused.", "没有人能看到您的摄像机：登记未通过。"
            )
        case RegistrationStatus.WITHDRAWN:
            return Sentence("Nobody sees your camera: you have left.", "没有人能看到您的摄像机：您已退出。")
        case RegistrationStatus.SUBMITTED:
            later = _of_mode(mode, radius_m)
            return Sentence(
                f"Nobody sees your camera before it is approved. After that: {later.en}",
                f"审核通过之前没有人能看到您的摄像机。通过之后：{later.zh}",
            )
        case _:
            return _of_mode(mode, radius_m)


def what_is_allowed(consent: Consent, now: datetime) -> Sentence:
    """Of the consent in force."""
    if consent.withdrawn_at is not None:
        return who_may_see(RegistrationStatus.WITHDRAWN, consent.mode, consent.radius_m)
    if consent.paused_until is not None and now < consent.paused_until:
        later = _of_mode(consent.mode, consent.radius_m)
        return Sentence(
            f"Paused: nobody sees your camera now. Afterwards: {later.en}",
            f"已暂停：现在没有人能看到您的摄像机。之后：{later.zh}",
        )
    return _of_mode(consent.mode, consent.radius_m)


def _of_mode(mode: ConsentMode, radius_m: float) -> Sentence:
    match mode:
        case ConsentMode.NEVER:
            return Sentence(
                "Nobody may look; only the place of your camera is known.", "任何人都不能查看画面，只登记位置。"
            )
        case ConsentMode.ON_REQUEST:
            return Sentence(
                "The command centre may look only after you have said yes to a request.",
                "指挥中心每次查看都要先征得您的同意。",
            )
        case ConsentMode.NEAR_INCIDENT:
            return Sentence(
                f"The command centre may look only while an incident within {radius_m:.0f} m is open.",
                f"只有 {radius_m:.0f} 米以内发生警情且未结束时，指挥中心才能查看。",
            )
        case _:
            return Sentence("The command centre may look at any time.", "指挥中心随时可以查看。")
