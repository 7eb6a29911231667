"""Figures for Prometheus: what is counted as it happens, and what is read from the store when somebody asks."""

import time
from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vms.core.clock import Clock
from vms.store import camera_board
from vms.store.database import Database
from vms.store.watch_sessions import poller_figures

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Figures:
    """One registry per application, so that several can live in one process."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.registry = CollectorRegistry()
        self.live_viewers = Gauge("vms_live_viewers", "Open live pictures", registry=self.registry)
        self.requests = Histogram(
            "vms_request_seconds",
            "Time from request to the first byte of the answer",
            ("method", "route"),
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self.answers = Counter(
            "vms_answers", "Answers by route and status", ("method", "route", "status"), registry=self.registry
        )
        self.registry.register(FromStore(database, clock))


class FromStore(Collector):
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def describe(self) -> Iterator[Metric]:
        return iter(())

    def collect(self) -> Iterator[Metric]:
        now = self._clock()
        with self._database.reading() as tx:
            counts = camera_board.counts_by_status(tx, now)
            poller = poller_figures(tx)
        cameras = GaugeMetricFamily("vms_cameras", "Approved cameras by status", labels=["status"])
        for status, number in counts.items():
            cameras.add_metric([status], number)
        yield cameras
        if poller is None:
            return
        age_s = (now - poller.session.alive_at).total_seconds()
        yield GaugeMetricFamily("vms_poller_heartbeat_age_seconds", "Since the poller last said it lives", age_s)
        told = GaugeMetricFamily("vms_poller", "What the poller says of itself, lateness for one", labels=["figure"])
        for name, value in poller.figures.items():
            told.add_metric([name], float(value))
        yield told


class Measure:
    """Counts requests by route template, never by address as typed."""

    def __init__(self, app: ASGIApp, figures: Figures) -> None:
        self._app = app
        self._figures = figures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started_s = time.perf_counter()
        figures = self._figures

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                route = getattr(scope.get("route"), "path", "other")
                method = scope["method"] if scope["method"] in _METHODS else "other"
                figures.requests.labels(method, route).observe(time.perf_counter() - started_s)
                figures.answers.labels(method, route, str(message["status"])).inc()
            await send(message)

        await self._app(scope, receive, told)


_METHODS = frozenset({"GET", "HEAD", "POST", "PATCH", "DELETE", "PUT", "OPTIONS"})
