"""Lists of cameras to read and to compare: trees of regions and owners, groups with their counts."""

from fastapi import APIRouter

router = APIRouter(tags=["inventory"])
