"""Merging, splitting and replacing devices, joining cameras; each can be undone."""

from fastapi import APIRouter

router = APIRouter(tags=["identity"])
