"""Messages that onvif-zeep writes. It is loaded with the first of them: a quarter of a second that most processes never
need at their start."""

import asyncio
import importlib
from collections.abc import Mapping

from vms.devices.onvif.operations import Operation, Service


async def compose(service: Service, operation: str, parameters: Mapping[str, object] | None = None) -> Operation:
    """The operation with these parameters, to be sent by OnvifClient.call. Raises BadInput for parameters that the
    WSDL refuses, DeepUnavailable."""
    deep = await asyncio.to_thread(importlib.import_module, "vms.devices.onvif.deep")
    written: Operation = await deep.compose(service, operation, parameters)
    return written
