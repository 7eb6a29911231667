"""Outages and what cameras hang on."""

from fastapi import APIRouter

router = APIRouter(tags=["outages"])
