"""Pictures: baselines, references, verdicts."""

from fastapi import APIRouter

router = APIRouter(tags=["diagnosis"])
