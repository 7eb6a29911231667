"""Maintainers, service levels, calendars, alert channels."""

from fastapi import APIRouter

router = APIRouter(tags=["maintenance"])
