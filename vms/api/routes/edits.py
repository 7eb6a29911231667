"""Many cameras changed at once: preview, do, undo."""

from fastapi import APIRouter

router = APIRouter(tags=["inventory"])
