"""Saved views of the inventory."""

from fastapi import APIRouter

router = APIRouter(tags=["inventory"])
