"""Credential sets: names and users, never secrets; who used which when."""

from fastapi import APIRouter

router = APIRouter(tags=["credentials"])
