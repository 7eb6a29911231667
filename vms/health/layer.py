"""The layers of a camera, from the ground up: each is judged apart."""

from enum import StrEnum


class Layer(StrEnum):
    NETWORK = "network"
    CONTROL = "control"
    STREAM = "stream"
    PICTURE = "picture"
    RECORDING = "recording"
