"""Announced outages and maintenance windows (报备)."""

from fastapi import APIRouter

router = APIRouter(tags=["notices"])
