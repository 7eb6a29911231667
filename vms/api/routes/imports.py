"""Lists taken in and given out: upload, dry run, mappings, export."""

from fastapi import APIRouter

router = APIRouter(tags=["inventory"])
