"""Devices: what was learnt about each, what a person allows, the keys that identify it."""

from fastapi import APIRouter

router = APIRouter(tags=["devices"])
