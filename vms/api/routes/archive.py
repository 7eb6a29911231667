"""The archive record of a camera: its fields with their codes, its completeness, its history, its life-cycle."""

from fastapi import APIRouter

router = APIRouter(tags=["archive"])
