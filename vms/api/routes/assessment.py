"""The assessment: figures, profiles, reports."""

from fastapi import APIRouter

router = APIRouter(tags=["assessment"])
