"""Recordings, clocks and captions."""

from fastapi import APIRouter

router = APIRouter(tags=["recordings"])
