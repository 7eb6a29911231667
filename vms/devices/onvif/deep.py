"""Rare and deep operations by onvif-zeep: any operation of the ONVIF services by its name, checked against the WSDL.

onvif-zeep builds the message from typed parameters and reads the answer into plain values; the wire stays ours, with
its budget,
limits, dialects and both ways of signing in (onvif-zeep knows no HTTP Digest, no time-out and opens connections of
its own). One
parsed WSDL per service is shared by all devices; `ONVIFCamera` is never made, since its constructor signs in and
subscribes.
Where zeep refuses an answer that the local-name reader understands, the reader's nested dictionary is returned.
"""

import asyncio
import importlib
import logging
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from lxml import etree
from zeep import Client, Settings
from zeep.helpers import serialize_object
from zeep.transports import Transport

from vms.core.errors import BadInput, PersonMustAct
from vms.devices.onvif.addresses import place
from vms.devices.onvif.client import OnvifClient, Reply
from vms.devices.onvif.operations import Operation, Service
from vms.devices.onvif.xml import Element, local

_NAMES = {
    Service.DEVICE: "devicemgmt",
    Service.MEDIA: "media",
    Service.PTZ: "ptz",
    Service.IMAGING: "imaging",
    Service.EVENTS: "events",
    Service.RECORDING: "recording",
    Service.SEARCH: "search",
    Service.REPLAY: "replay",
}
_make_client: Any = Client
_serialize: Any = serialize_object
_threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="onvif-zeep")
_loading = threading.Lock()
_documents: dict[Service, tuple[Any, str, str]] = {}
"""The parsed WSDL, its path and its binding; about 15 MB for the device service, 0.1 to 0.4 s to read."""


class DeepUnavailable(PersonMustAct):
    """onvif-zeep is not installed, or another package has overwritten its module `onvif`."""

    code = "deep_unavailable"


async def call_deeply(
    client: OnvifClient,
    service: Service,
    operation: str,
    parameters: Mapping[str, object] | None = None,
    *,
    xaddr: str = "",
) -> dict[str, object]:
    """Ask the operation with these parameters (names and nesting as in the WSDL). Raises BadInput for parameters that
    the WSDL
    refuses, DeepUnavailable, and what OnvifClient.call raises. The device gets one request."""
    placed = place(xaddr, client.address, client.port) if xaddr else None
    loop = asyncio.get_running_loop()
    carrier = _Carrier(loop, client, service, placed.path if placed else None, placed.port if placed else None)
    return await loop.run_in_executor(_threads, _call, carrier, service, operation, dict(parameters or {}))


async def compose(service: Service, operation: str, parameters: Mapping[str, object] | None = None) -> Operation:
    """The operation with these parameters as onvif-zeep writes it, to be sent by OnvifClient.call. Raises BadInput for
    parameters that the WSDL refuses, DeepUnavailable."""
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_threads, _compose, service, operation, dict(parameters or {}))


async def set_clock(client: OnvifClient, now: datetime) -> None:
    """SetSystemDateAndTime: the device's clock is put to `now`."""
    utc = {
        "Time": {"Hour": now.hour, "Minute": now.minute, "Second": now.second},
        "Date": {"Year": now.year, "Month": now.month, "Day": now.day},
    }
    parameters = {"DateTimeType": "Manual", "DaylightSavings": False, "UTCDateTime": utc}
    await call_deeply(client, Service.DEVICE, "SetSystemDateAndTime", parameters)


async def goto_preset(client: OnvifClient, profile: str, preset: str, *, ptz_xaddr: str = "") -> None:
    """Turns a PTZ camera to one of its presets; both are tokens."""
    parameters = {"ProfileToken": profile, "PresetToken": preset}
    await call_deeply(client, Service.PTZ, "GotoPreset", parameters, xaddr=ptz_xaddr)


def plain(element: Element) -> dict[str, object]:
    """An element as a dictionary by local names: attributes, children (lists where a name repeats), text as
    `_value_1`."""
    values: dict[str, object] = {str(key).rpartition("}")[2]: value for key, value in element.attrib.items()}
    for one in element:
        name = local(one)
        value: object = plain(one) if len(list(one)) or one.attrib else (one.text or "").strip()
        known = values.get(name)
        if known is None:
            values[name] = value
        elif isinstance(known, list):
            known.append(value)
        else:
            values[name] = [known, value]
    words = (element.text or "").strip()
    if words:
        values["_value_1"] = words
    return values


class _Carrier(Transport):
    """Takes zeep's message to our client on the loop, and brings the answer back as clean XML."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        client: OnvifClient,
        service: Service,
        path: str | None,
        port: int | None,
    ) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._loop = loop
        self._client = client
        self._service = service
        self._path = path
        self._port = port
        self.reply: Reply | None = None
        self.failure: BaseException | None = None

    def load(self, url: str) -> bytes:
        raise OSError(f"nothing is loaded from a device or the network: {url}")

    def post_xml(self, address: str, envelope: Any, headers: Any) -> Any:
        body = next(one for one in envelope if local(one) == "Body")
        asked = next(iter(body))
        operation = Operation(self._service, local(asked), etree.tostring(asked, encoding="unicode"))
        question = self._client.call(operation, path=self._path, port=self._port)
        try:
            self.reply = asyncio.run_coroutine_threadsafe(question, self._loop).result()
        except BaseException as failure:
            self.failure = failure
            raise
        return _CleanAnswer(etree.tostring(self.reply.root))


class _CleanAnswer:
    """What zeep looks at of an HTTP answer."""

    def __init__(self, content: bytes) -> None:
        self.status_code = 200
        self.content = content
        self.headers = {"Content-Type": "application/soap+xml; charset=utf-8"}
        self.encoding = "utf-8"


def _call(carrier: _Carrier, service: Service, operation: str, parameters: dict[str, object]) -> dict[str, object]:
    make_service, document, wsdl, binding = _load(service)
    settings = Settings(strict=False, forbid_dtd=True, forbid_entities=True, xml_huge_tree=False)
    client: Any = _make_client(document, transport=carrier, settings=settings)
    asked = make_service("http://device", None, None, wsdl, zeep_client=client, binding_name=binding)
    try:
        told = getattr(asked, operation)(parameters)
    except Exception as error:  # noqa: BLE001 - onvif-zeep wraps whatever happened in one kind of error
        if carrier.failure is not None:
            raise carrier.failure from None
        if carrier.reply is None:
            raise BadInput(f"{operation}: {error}", where=service.name.lower()) from None
        return plain(carrier.reply.answer)
    values = _serialize(told, dict)
    return values if isinstance(values, dict) else {"_value_1": values}


def _compose(service: Service, operation: str, parameters: dict[str, object]) -> Operation:
    _, document, _, binding = _load(service)
    settings = Settings(strict=False, forbid_dtd=True, forbid_entities=True, xml_huge_tree=False)
    client: Any = _make_client(document, settings=settings)
    try:
        envelope = client.create_message(client.create_service(binding, "http://device"), operation, **parameters)
    except Exception as error:  # noqa: BLE001 - zeep raises many kinds for parameters that do not fit
        raise BadInput(f"{operation}: {error}", where=service.name.lower()) from None
    body = next(one for one in envelope if local(one) == "Body")
    return Operation(service, operation, etree.tostring(next(iter(body)), encoding="unicode"))


def _load(service: Service) -> tuple[Any, Any, str, str]:
    """onvif-zeep's service class with the WSDL shared by all devices. Imported late: it takes a quarter of a second,
    and it sets
    up the root logger, which is undone."""
    with _loading:
        root = logging.getLogger()
        handlers, level = list(root.handlers), root.level
        try:
            onvif_client = importlib.import_module("onvif.client")
            definition = importlib.import_module("onvif.definition")
            folder = _wsdl_folder()
        except (ImportError, metadata.PackageNotFoundError) as error:
            raise DeepUnavailable(f"onvif-zeep is not usable here: {error}") from None
        finally:
            root.handlers[:] = handlers
            root.setLevel(level)
        if not hasattr(onvif_client, "UsernameDigestTokenDtDiff") or hasattr(onvif_client, "ZeepAsyncClient"):
            raise DeepUnavailable("the module `onvif` belongs to another package than onvif-zeep (onvif-zeep-async?)")
        if service not in _NAMES:
            raise BadInput(f"{service.name} has no WSDL in onvif-zeep", where="service")
        if service not in _documents:
            known = definition.SERVICES[_NAMES[service]]
            wsdl = str(folder / known["wsdl"])
            parsed = _make_client(wsdl, settings=Settings(strict=False)).wsdl
            _documents[service] = (parsed, wsdl, f"{{{known['ns']}}}{known['binding']}")
        document, wsdl, binding = _documents[service]
        return onvif_client.ONVIFService, document, wsdl, binding


def _wsdl_folder() -> Path:
    for file in metadata.files("onvif-zeep") or ():
        if file.name == "devicemgmt.wsdl":
            return Path(str(file.locate())).resolve().parent
    raise ImportError("its WSDL files are missing")
