"""What each device hangs on, and so what goes blind when a node dies: built from the archive and from typed nodes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from vms.core.ids import CameraId, DeviceId
from vms.health.outages.node import RANK, Node, NodeKey, NodeKind

_LONGEST_CHAIN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraPlace:
    """What the archive says about a watched camera's ways."""

    camera_id: CameraId
    device_id: DeviceId
    pole_code: str = ""
    network: str = ""
    """Of the device's address: a /24, or a /64."""
    region_code: str = ""


class SupplyGraph:
    """Devices hang on nodes, nodes on nodes. Nodes of the archive with one member alone are left out."""

    def __init__(
        self,
        places: Iterable[CameraPlace],
        nodes: Iterable[Node] = (),
        members: Iterable[tuple[DeviceId, NodeKey]] = (),
        regions: Mapping[str, tuple[str, str | None]] | None = None,
    ) -> None:
        """`regions`: code → (name, the parent's code). A typed node's unknown parent is ignored, a ring is cut."""
        self._regions = regions or {}
        self._nodes: dict[NodeKey, Node] = {node.key: node for node in nodes}
        self._device_of: dict[CameraId, DeviceId] = {}
        self._cameras: dict[DeviceId, list[CameraId]] = {}
        self._direct: dict[DeviceId, list[NodeKey]] = {}
        self._members: dict[NodeKey, list[DeviceId]] = {}
        self._children: dict[NodeKey, list[NodeKey]] = {}
        self._ancestors: dict[NodeKey, tuple[NodeKey, ...]] = {}
        first: dict[DeviceId, CameraPlace] = {}
        agreed: dict[DeviceId, tuple[str, str]] = {}
        for place in places:
            device_id = place.device_id
            self._device_of[place.camera_id] = device_id
            self._cameras.setdefault(device_id, []).append(place.camera_id)
            known = first.setdefault(device_id, place)
            if known is not place:
                pole, region = agreed.get(device_id, (known.pole_code, known.region_code))
                agreed[device_id] = (
                    pole if pole == place.pole_code else "",
                    region if region == place.region_code else "",
                )
        self._hang_on_nodes(members)
        self._hang_on_archive(first, agreed)
        for node in list(self._nodes.values()):
            if node.parent is not None and node.parent in self._nodes:
                self._children.setdefault(node.parent, []).append(node.key)

    def __contains__(self, camera_id: object) -> bool:
        return camera_id in self._device_of

    def __len__(self) -> int:
        return len(self._device_of)

    @property
    def devices(self) -> int:
        return len(self._cameras)

    def device_of(self, camera_id: CameraId) -> DeviceId | None:
        return self._device_of.get(camera_id)

    def cameras_of(self, device_id: DeviceId) -> Sequence[CameraId]:
        return self._cameras.get(device_id, ())

    def node(self, key: NodeKey) -> Node:
        """KeyError where there is none."""
        if key.kind is NodeKind.NVR:
            return Node(key=key, name=key.value)
        return self._nodes[key]

    def find(self, key: NodeKey) -> Node | None:
        """None: it is not known, or not any more."""
        return self.node(key) if key.kind is NodeKind.NVR else self._nodes.get(key)

    def above(self, device_id: DeviceId) -> tuple[NodeKey, ...]:
        """Everything that the device hangs on, each once."""
        direct = self._direct.get(device_id, ())
        found = dict.fromkeys(direct)
        for key in direct:
            found.update(dict.fromkeys(self.ancestors(key)))
        return tuple(found)

    def ancestors(self, key: NodeKey) -> tuple[NodeKey, ...]:
        """From the parent up."""
        known = self._ancestors.get(key)
        if known is None:
            known = self._ancestors[key] = tuple(self._climb(key))
        return known

    def children(self, key: NodeKey) -> Sequence[NodeKey]:
        return self._children.get(key, ())

    def devices_below(self, key: NodeKey) -> set[DeviceId]:
        """The dependents: directly and through other nodes."""
        if key.kind is NodeKind.NVR:
            device_id = DeviceId(int(key.value))
            return {device_id} if device_id in self._cameras else set()
        found: set[DeviceId] = set()
        seen = {key}
        waiting = [key]
        while waiting:
            node = waiting.pop()
            found.update(self._members.get(node, ()))
            fresh = [child for child in self._children.get(node, ()) if child not in seen]
            seen.update(fresh)
            waiting.extend(fresh)
        return found

    def cameras_below(self, key: NodeKey) -> list[CameraId]:
        """What goes blind when this dies; other ways to them are not known of. In the order of their ids."""
        return sorted(camera for device_id in self.devices_below(key) for camera in self.cameras_of(device_id))

    def hangs_on(self, device_id: DeviceId, key: NodeKey) -> bool:
        if key.kind is NodeKind.NVR:
            return key.value == str(device_id)
        return key in self.above(device_id)

    def _climb(self, key: NodeKey) -> Iterator[NodeKey]:
        seen = {key}
        node = self._nodes.get(key)
        while node is not None and node.parent is not None and len(seen) < _LONGEST_CHAIN:
            if node.parent in seen or node.parent not in self._nodes:
                return
            seen.add(node.parent)
            yield node.parent
            node = self._nodes[node.parent]

    def _hang_on_nodes(self, members: Iterable[tuple[DeviceId, NodeKey]]) -> None:
        for device_id, key in members:
            if device_id in self._cameras and key in self._nodes:
                self._hang(device_id, key)

    def _hang_on_archive(
        self, first: Mapping[DeviceId, CameraPlace], agreed: Mapping[DeviceId, tuple[str, str]]
    ) -> None:
        keys: dict[tuple[NodeKind, str], NodeKey] = {}
        counts: dict[NodeKey, int] = {}
        wanted: list[tuple[DeviceId, NodeKey]] = []
        for device_id, place in first.items():
            pole, region = agreed.get(device_id, (place.pole_code, place.region_code))
            for kind, value in ((NodeKind.POLE, pole), (NodeKind.SUBNET, place.network), (NodeKind.REGION, region)):
                if value:
                    key = keys.setdefault((kind, value), NodeKey(kind, value))
                    counts[key] = counts.get(key, 0) + 1
                    wanted.append((device_id, key))
        for device_id, key in wanted:
            if counts[key] > 1 or key.kind is NodeKind.REGION:
                self._know(key)
                self._hang(device_id, key)

    def _know(self, key: NodeKey) -> None:
        if key in self._nodes:
            return
        name, parent = self._regions.get(key.value, (key.value, None)) if key.kind is NodeKind.REGION else (
            key.value,
            None,
        )  # fmt: skip
        above = None if parent is None else NodeKey(NodeKind.REGION, parent)
        self._nodes[key] = Node(key=key, name=name, parent=above)
        if above is not None:
            self._know(above)

    def _hang(self, device_id: DeviceId, key: NodeKey) -> None:
        self._direct.setdefault(device_id, []).append(key)
        self._members.setdefault(key, []).append(device_id)


def rank_of(key: NodeKey) -> int:
    return RANK[key.kind]
