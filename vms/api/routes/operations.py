"""For those who run the server: is it there, and its figures."""

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text

from vms.api.figures import Figures
from vms.api.guards import Anybody, RoomsNow
from vms.api.models.system import Done

router = APIRouter(tags=["operations"])


@router.get("/healthz")
def healthz(rooms: RoomsNow, _door: Anybody) -> Done:
    """The database answers."""
    with rooms.database.reading() as tx:
        tx.execute(text("SELECT 1"))
    return Done()


@router.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
def metrics(request: Request, _door: Anybody) -> Response:
    figures: Figures = request.app.state.figures
    return Response(generate_latest(figures.registry), media_type=CONTENT_TYPE_LATEST)
