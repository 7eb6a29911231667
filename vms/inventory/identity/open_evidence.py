"""What somebody says before anybody signs in: is it the device that was known here, another one, or is that not told?

    a MAC in the scopes that is one of the known .......... the known one
    the endpoint reference is the same .................... the known one
    another one, made of a network card of the known ...... the known one
    another MAC, where MACs are known ..................... another
    another reference ..................................... another, unless its reference is known to change
    no reference: another hardware in the scopes .......... another
    no reference, no hardware: another name in the scopes . another
    nothing that can be compared, or only the same model .. not told

It decides whose refused logins are respected, which are tried first, and whether a login may be shown at all
(decision 8); who a device is, is decided by its keys (`decide`). The TLS key needs no word here: nobody signs in to a
device whose certificate is another one before a person has confirmed it.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import unquote

from vms.inventory.device import ObservedDevice
from vms.inventory.identity.keys import tidy_mac, usable_mac, usable_reference

_SCOPE = "onvif://www.onvif.org/"
_MARK = 16
_MAC_SCOPES = ("mac", "macaddr", "macaddress", "mac_address")
"""As makers write them; the standard has none."""


class Answerer(StrEnum):
    KNOWN = "known"
    ANOTHER = "another"
    UNTOLD = "untold"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenEvidence:
    reference: str = ""
    hardware: str = ""
    name: str = ""
    mac: str = ""

    @property
    def marks(self) -> tuple[str, ...]:
        """Short words for who this is, the strongest first; what is noted about somebody who is not identified is
        noted with the first. None: nothing was told."""
        scopes = f"{self.hardware}|{self.name}" if self.hardware or self.name else ""
        told = [text for text in (self.reference, scopes) if text]
        return tuple(hashlib.sha256(text.encode()).hexdigest()[:_MARK] for text in told)


def open_evidence(endpoint_reference: str, scopes: Iterable[str]) -> OpenEvidence:
    said: dict[str, str] = {}
    for scope in scopes:
        if scope.lower().startswith(_SCOPE):
            kind, _, value = scope[len(_SCOPE) :].partition("/")
            said.setdefault(kind.lower(), unquote(value).strip().casefold())
    macs = (usable_mac(said[kind]) for kind in _MAC_SCOPES if kind in said)
    return OpenEvidence(
        reference=usable_reference(endpoint_reference),
        hardware=said.get("hardware", ""),
        name=said.get("name", ""),
        mac=next((mac for mac in macs if mac), ""),
    )


def evidence_of(known: ObservedDevice) -> OpenEvidence:
    return open_evidence(known.endpoint_reference, known.scopes)


def speaks_against(told: OpenEvidence, known: ObservedDevice) -> bool:
    return who_answers(told, known) is Answerer.ANOTHER


def who_answers(told: OpenEvidence, known: ObservedDevice) -> Answerer:
    theirs = evidence_of(known)
    macs = {usable_mac(mac) for mac in known.macs} - {""}
    of_card = bool(told.reference) and tidy_mac(told.reference[-12:]) in macs
    if told.mac in macs or of_card or (told.reference and told.reference == theirs.reference):
        return Answerer.KNOWN
    if told.mac and macs:
        return Answerer.ANOTHER
    if told.reference and theirs.reference and not known.quirks.reference_changes:
        return Answerer.ANOTHER
    if told.hardware and theirs.hardware:
        return Answerer.ANOTHER if told.hardware != theirs.hardware else Answerer.UNTOLD
    other_name = told.name and theirs.name and told.name != theirs.name
    return Answerer.ANOTHER if other_name else Answerer.UNTOLD
