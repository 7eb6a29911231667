"""SOAP faults: what a device refuses and why, decided by the subcode and never by the HTTP status alone.

NotAuthorized comes with 200, 400, 401 or 500; some devices say it only in words; lock-outs and attempts left only
ever in words.
"""

import re
from dataclasses import dataclass

from vms.devices.onvif.xml import Element, anywhere, child, local, text

_NOT_AUTHORIZED_CODES = frozenset(
    {"NotAuthorized", "FailedAuthentication", "FailedCheck", "InvalidSecurity", "Unauthorized"}
)
_NOT_AUTHORIZED_WORDS = re.compile(
    r"not\s*authori[sz]ed|unauthori[sz]ed|authenticat\w*\s+fail|fail\w*\s+authenticat|authority\s+failure|"
    r"requires?\s+authori[sz]ation|(?:wrong|invalid|incorrect)\s+(?:user\s*name|password|credential)",
    re.IGNORECASE,
)
_ATTEMPTS_LEFT = re.compile(
    r"(\d{1,4})\s*(?:more\s+)?(?:attempt|tr(?:y|ies)|chance|login)[^\d]{0,20}(?:left|remain)?"
    r"|(?:left|remaining)[^\d]{0,24}?(\d{1,4})\b|剩余\D{0,8}(\d{1,4})|还有\D{0,8}(\d{1,4})\D{0,4}次",
    re.IGNORECASE,
)
_LOCKED = re.compile(
    r"lock(?:ed|\s*out)|too\s+many\s+(?:failed|login|attempt)|锁定|blocked\s+(?:user|account|ip)", re.IGNORECASE
)
_UNSUPPORTED = frozenset(
    {
        "ActionNotSupported",
        "OptionalActionNotImplemented",
        "NotSupported",
        "UnknownAction",
        "MethodNotFound",
        "NoSuchService",
    }
)
_UNSUPPORTED_WORDS = re.compile(
    r"not\s+(?:supported|implemented)|method\s+\S+\s+not\s+|no\s+such\s+(?:operation|method)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    codes: tuple[str, ...]
    """Code and subcodes from the outside in, local names: (`Sender`, `NotAuthorized`)."""
    reason: str

    @property
    def not_authorized(self) -> bool:
        return (
            bool(_NOT_AUTHORIZED_CODES & set(self.codes))
            or self.locked
            or bool(_NOT_AUTHORIZED_WORDS.search(self.reason))
        )

    @property
    def not_supported(self) -> bool:
        return bool(_UNSUPPORTED & set(self.codes)) or bool(_UNSUPPORTED_WORDS.search(self.reason))

    @property
    def version_mismatch(self) -> bool:
        return "VersionMismatch" in self.codes

    @property
    def locked(self) -> bool:
        return "AccountLocked" in self.codes or (bool(_LOCKED.search(self.reason)) and self.attempts_left in (None, 0))

    @property
    def attempts_left(self) -> int | None:
        """How many refused logins are left before the account locks, where the device says so."""
        return attempts_left(self.reason)

    @property
    def short(self) -> str:
        return f"{'/'.join(self.codes) or 'fault'}: {self.reason}" if self.reason else "/".join(self.codes) or "fault"


def attempts_left(words: str) -> int | None:
    match = _ATTEMPTS_LEFT.search(words)
    return int(next(group for group in match.groups() if group)) if match else None


def read_fault(root: Element) -> Fault | None:
    """The fault of an envelope in SOAP 1.2 or 1.1; None where the body holds none."""
    body = anywhere(root, "Body")
    fault = child(body, "Fault") if body is not None else None
    if fault is None:
        return None
    codes: list[str] = []
    code = child(fault, "Code")
    while code is not None and len(codes) < 8:
        codes.append(_local_value(text(code, "Value")))
        code = child(code, "Subcode")
    if not codes:
        codes.append(_local_value(text(fault, "faultcode")))
    words = [text(fault, "faultstring")]
    words += [
        "".join(str(part) for part in one.itertext()).strip()
        for one in fault
        if local(one) in ("Reason", "Detail", "detail")
    ]
    reason = "; ".join(dict.fromkeys(" ".join(word.split())[:300] for word in words if word))
    return Fault(codes=tuple(one for one in codes if one), reason=reason[:600])


def answer_of(root: Element, operation: str) -> Element | None:
    """`<operation>Response` in the envelope's body."""
    return anywhere(anywhere(root, "Body"), f"{operation}Response")


def _local_value(value: str) -> str:
    return value.rpartition(":")[2].strip()
