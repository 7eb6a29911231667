"""The web application: thin JSON over the services, the console's files, figures."""

import asyncio
import contextlib
import functools
from collections.abc import AsyncIterator
from datetime import timedelta

from fastapi import APIRouter, Depends, FastAPI
from starlette.routing import BaseRoute

from vms.api import failures
from vms.api.body_limit import BodyLimit
from vms.api.console_files import ConsoleFiles, Fence, packaged_folder
from vms.api.contract import Application
from vms.api.figures import Figures, Measure
from vms.api.known_query import refuse_unknown_names
from vms.api.rate_limit import RateLimit
from vms.api.rooms import Rooms
from vms.api.routes import (
    archive,
    assessment,
    board,
    camera,
    camera_work,
    cameras,
    caption_region,
    conflicts,
    coverage,
    coverage_figures,
    coverage_gaps,
    coverage_squares,
    credentials,
    device_tasks,
    devices,
    diagnosis,
    edits,
    exports,
    health,
    identity,
    imports,
    incidents,
    lists,
    live,
    maintenance,
    map,
    map_cameras,
    news,
    notices,
    operations,
    outages,
    photographs,
    plans,
    poses,
    presets,
    recordings,
    registrations,
    rings,
    session,
    sweeps,
    system,
    turning,
    view_tiles,
    views,
    who_sees,
    work_orders,
)
from vms.api.stopping import TellOfStopping
from vms.api.tell_at_once import TellAtOnce
from vms.services.archive.archive_memory import ArchiveMemory
from vms.services.assessment.by_size import BySize
from vms.services.assessment.office import assess_here
from vms.services.assessment.recent import RecentAnswers
from vms.services.board_memory import BoardMemory
from vms.services.device_tasks.desk import TaskDesk
from vms.services.diagnosis.unconfirmed_counts import UnconfirmedCounts
from vms.services.follow_news import News
from vms.services.import_desk import ImportDesk
from vms.services.live_pictures import LiveDesk
from vms.services.map_points import MapPoints
from vms.services.maps.base_map import BaseKind, TileFile
from vms.services.maps.tile_maker import TileMaker
from vms.store import looks

PREFIX = "/api/v1"


def create_app(rooms: Rooms) -> FastAPI:
    """Run it with uvicorn, WebSocket compression off (`ws_per_message_deflate=False`)."""
    app = Application(
        title="vms",
        version=system.program_version(),
        description="The camera layer of a town's public-safety network. Overview: docs/api.md.",
        lifespan=_lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
    )
    followed = News(rooms.database)
    settings = rooms.settings
    app.state.rooms = rooms
    app.state.news = followed
    app.state.figures = Figures(rooms.database, rooms.clock)
    app.state.sign_in_limit = RateLimit(calls=settings.sign_ins_per_minute, window=timedelta(minutes=1))
    app.state.registration_limit = RateLimit(calls=settings.registrations_per_hour, window=timedelta(hours=1))
    app.state.task_desk = TaskDesk(
        database=rooms.database,
        box=rooms.box,
        configurable=rooms.settings.configurable,
        clock=rooms.clock,
        purse=rooms.purse,
    )
    app.state.live_desk = LiveDesk(
        database=rooms.database,
        box=rooms.box,
        live=rooms.live,
        news=followed,
        agreements=settings.agreements,
        clock=rooms.clock,
        cold_start=rooms.ask_for_key_frame,
        who_answers=rooms.who_answers,
        purse=rooms.purse,
    )
    app.state.archive = ArchiveMemory(rooms.database)
    here = assess_here(rooms.database, app.state.archive)
    beside = rooms.assess_beside
    app.state.assess = BySize(database=rooms.database, here=here, beside=beside) if beside else here
    app.state.assessed = RecentAnswers()
    app.state.board = BoardMemory(rooms.database, rooms.clock, settings.zone, rooms.coverage.gaps)
    app.state.map_points = MapPoints(rooms.database, rooms.clock)
    app.state.unconfirmed = UnconfirmedCounts()
    lists_folder = rooms.lists_folder or rooms.stills_folder / "lists"
    app.state.import_desk = ImportDesk(rooms.database, lists_folder, rooms.clock)
    base = settings.base_map
    app.state.tile_maker = TileMaker(rooms.database)
    app.state.tile_file = TileFile(base.file) if base.kind is BaseKind.MBTILES and base.file else None
    failures.install(app)
    app.add_middleware(TellAtOnce, news=followed)
    app.add_middleware(BodyLimit)
    app.add_middleware(Measure, figures=app.state.figures)
    app.add_middleware(Fence, beside=settings.base_map.origin)
    app.add_middleware(TellOfStopping)
    app.router.routes.extend(_routes(with_demo=rooms.demo is not None))
    folder = settings.static_folder or packaged_folder()
    if folder.is_dir():
        app.mount("/", ConsoleFiles(directory=folder, html=True), name="console")
    return app


@functools.cache
def _routes(*, with_demo: bool) -> tuple[BaseRoute, ...]:
    """They hold nothing of an application, so one table serves all of a process: building it takes FastAPI a second."""
    table = APIRouter()
    table.include_router(_api(with_demo=with_demo))
    table.include_router(operations.router, responses={503: failures.ERRORS[503]})
    return tuple(table.routes)


def prepare_routes(*, with_demo: bool) -> None:
    """FastAPI makes each part of the table when a first question walks past it, which takes another second: so one that
    nobody waits for walks past them all."""
    nowhere = {"type": "http", "method": "GET", "path": f"{PREFIX}/nowhere/at/all", "root_path": "", "headers": []}
    for route in _routes(with_demo=with_demo):
        route.matches(dict(nowhere))


def _api(*, with_demo: bool) -> APIRouter:
    api = APIRouter(prefix=PREFIX, responses=failures.ERRORS, dependencies=[Depends(refuse_unknown_names)])
    parts = [
        who_sees,  # the table is searched from its top, thrice over: what is asked at every click comes first
        session,
        lists,
        views,
        edits,
        exports,
        imports,
        cameras,
        map_cameras,
        caption_region,
        camera,
        camera_work,
        archive,
        photographs,
        devices,
        identity,
        conflicts,
        sweeps,
        credentials,
        device_tasks,
        health,
        outages,
        notices,
        work_orders,
        maintenance,
        assessment,
        diagnosis,
        recordings,
        turning,
        board,
        coverage,
        view_tiles,
        plans,
        coverage_figures,
        coverage_gaps,
        coverage_squares,
        map,
        poses,
        presets,
        incidents,
        rings,
        registrations,
        system,
        live,
        news,
    ]
    for part in parts:
        api.include_router(part.router)
    if with_demo:
        api.include_router(system.demo_router)
    return api


@contextlib.asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    rooms: Rooms = app.state.rooms
    await asyncio.to_thread(_end_looks_of_before, rooms)
    desk: ImportDesk = app.state.import_desk
    await asyncio.to_thread(desk.go_on)
    followed: News = app.state.news
    beside = [asyncio.create_task(followed.run())]
    beside += [asyncio.ensure_future(companion(followed)) for companion in rooms.companions]
    try:
        yield
    finally:
        for task in beside:
            task.cancel()
        await asyncio.gather(*beside, return_exceptions=True)
        await asyncio.to_thread(desk.close)


def _end_looks_of_before(rooms: Rooms) -> None:
    with rooms.database.writing() as tx:
        looks.end_all_open(tx, rooms.clock())
