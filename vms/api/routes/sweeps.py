"""Sweeps of networks: start, watch, pause, go on, what each found and what is different from last time."""

from fastapi import APIRouter

router = APIRouter(tags=["sweeps"])
