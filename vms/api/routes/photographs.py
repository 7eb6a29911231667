"""Photographs of the point: near, far, the picture, the box."""

from fastapi import APIRouter

router = APIRouter(tags=["archive"])
