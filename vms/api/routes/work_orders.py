"""Work orders."""

from fastapi import APIRouter

router = APIRouter(tags=["work orders"])
