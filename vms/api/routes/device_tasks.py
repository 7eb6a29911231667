"""Tasks on many devices: preview, progress, result per device, undo."""

from fastapi import APIRouter

router = APIRouter(tags=["tasks"])
