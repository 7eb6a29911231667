"""Faults are said in the reader's words."""

from vms.health.fault import Fault, FaultKind, Severity
from vms.health.layer import Layer
from vms.health.words import WORDS, blinding, in_words


def test_every_kind_of_fault_has_words_in_both_languages() -> None:
    for kind in FaultKind:
        english, chinese = WORDS[kind]
        assert english.isascii()
        assert not chinese.isascii()


def test_the_reason_of_a_flip_is_translated_cause_by_cause() -> None:
    assert in_words("unreachable: refused; stream_dead") == (
        "unreachable: connection refused, stream dead",
        "网络不通：连接被拒绝，视频流中断",
    )
    assert in_words("") == ("", "")


def test_what_nobody_knows_stays_as_it_is() -> None:
    assert in_words("clock_off: +90 s") == ("clock off: +90 s", "时钟偏差：+90 s")


def test_only_grave_faults_of_the_picture_blind() -> None:
    def fault(kind: FaultKind, severity: Severity) -> Fault:
        return Fault(kind=kind, layer=Layer.PICTURE, severity=severity)

    assert blinding([fault(FaultKind.CLOCK_OFF, Severity.MAJOR)]) == ("", "")
    assert blinding([fault(FaultKind.BLUR, Severity.MINOR)]) == ("", "")
    assert blinding([fault(FaultKind.BLUR, Severity.MAJOR)]) == ("picture blurred", "画面模糊")
