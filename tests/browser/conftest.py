"""The whole demo in its own processes, and Chromium in front of it."""

import contextlib
import json
import os
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.builders import clicked_street, doubtful_identity, judged_pictures, maintained_town, mapped_town
from tests.builders.console import PASSWORD, Console, Visit, until
from tests.builders.forked_children import ASKED
from tests.builders.forked_python import Forked, fork_module
from tests.builders.large_archive import fill
from tests.builders.web import ADMIN_PASSWORD
from vms.core.geo import Wgs84
from vms.demo.steps import in_front
from vms.store.database import Database

FOLDER = Path(__file__).parent
CAMERAS = 60
INTERVAL_S = 3
LARGE = 100_000
READY_WITHIN_S = 110.0
STOPPED_WITHIN_S = 60.0
EXPECT_WITHIN_MS = 20_000
IN_FRONT_M = 15.0
ENOUGH_PX_PER_M = 60.0
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(asks: httpx.Client, process: Forked, log: Path) -> bool:
    if process.poll() is not None:
        raise AssertionError(f"the demo ended with {process.returncode}:\n{log.read_text(errors='replace')[-4000:]}")
    try:
        return asks.get("/healthz").is_success
    except httpx.TransportError:
        return False


@contextlib.contextmanager
def _demo(folder: Path) -> Iterator[str]:
    """`vms demo` on a free port; ended by its process id."""
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    command = ["demo", "--cameras", str(CAMERAS), "--port", str(port)]
    command += ["--data", str(folder / "data"), "--interval-s", str(INTERVAL_S)]
    log = folder / "demo.log"
    with log.open("wb") as output:
        said = {"stdout": output.fileno(), "stderr": output.fileno()}
        process = fork_module("vms", *command, **said, environment={"VMS_ADMIN_PASSWORD": PASSWORD, ASKED: "1"})
    try:
        with httpx.Client(base_url=url, timeout=2.0) as asks:
            until("the server answers", lambda: _answers(asks, process, log), READY_WITHIN_S)
        yield url
    finally:
        process.terminate()
        try:
            process.wait(STOPPED_WITHIN_S)
        except subprocess.TimeoutExpired:
            process.end()
            raise


@pytest.fixture(scope="session")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    """The demo with every camera polled at least once; `VMS_CONSOLE_URL` names one that runs already."""
    running = os.environ.get("VMS_CONSOLE_URL")
    demo = contextlib.nullcontext(running) if running else _demo(tmp_path_factory.mktemp("console"))
    with demo as url, httpx.Client(base_url=f"{url}/api/v1", timeout=30.0) as api:
        token = api.post("/session", json={"username": "admin", "password": PASSWORD}).json()["token"]
        api.cookies.clear()
        api.headers["Authorization"] = f"Bearer {token}"
        console = Console(url=url, api=api)

        def polled() -> bool:
            everything = console.get("/health/summary", by="tier")["all"]
            return everything["total"] >= CAMERAS and everything["unknown"] == 0 and everything["up"] > CAMERAS / 2

        until("every camera has been polled", polled, READY_WITHIN_S)
        yield console


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Who uses the browser comes last: while it is there, no other test can have an event loop in this thread."""
    items.sort(key=lambda item: item.path.parent == FOLDER and "browser" in getattr(item, "fixturenames", ()))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One for all, which takes seconds to start; each visit has a context of its own."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def visit(console: Console, browser: Browser) -> Iterator[Callable[..., Visit]]:
    """Opens pages: `visit()` in Chinese at 1366×768, `visit("#/map", language="en-GB", width=390)` in English on a
    phone's. No page may have complained in its console when the test is over."""
    with _visits(browser, console, PASSWORD) as open_one:
        yield open_one


@contextlib.contextmanager
def _visits(browser: Browser, console: Console, password: str) -> Iterator[Callable[..., Visit]]:
    visits: list[Visit] = []

    def open_one(
        at: str = "", *, language: str = "zh-CN", width: int = 1366, height: int = 768, signed_in: bool = True
    ) -> Visit:
        context = browser.new_context(
            viewport={"width": width, "height": height}, locale=language, timezone_id="Asia/Shanghai"
        )
        if signed_in:
            context.add_cookies([console.cookie])
        page = context.new_page()
        page.set_default_timeout(20_000)
        one = Visit(page=page, url=console.url, password=password)
        page.on("console", one.hear)
        page.on("pageerror", lambda error: one.complaints.append(str(error)))
        visits.append(one)
        one.go(at)
        return one

    yield open_one
    complaints = [complaint for one in visits for complaint in one.complaints]
    for one in visits:
        one.page.context.close()
    assert complaints == []


@contextlib.contextmanager
def _web_over(folder: Path, original: Path, fill_database: Callable[[Database], None]) -> Iterator[Console]:
    """The web application alone, over a copy of the empty database that was filled before."""
    shutil.copy(original, folder / "vms.db")
    url = f"sqlite:///{folder / 'vms.db'}"
    database = Database(url)
    fill_database(database)
    database.close()
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    process = fork_module("tests.builders.web_alone", url, str(folder), **pipes)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        assert line, "the web application did not start"
        where = json.loads(line)["url"]
        with httpx.Client(base_url=f"{where}/api/v1", timeout=30.0) as api:
            token = api.post("/session", json={"username": "admin", "password": ADMIN_PASSWORD}).json()["token"]
            api.cookies.clear()
            api.headers["Authorization"] = f"Bearer {token}"
            yield Console(url=where, api=api)
    finally:
        process.stdin.close()
        process.wait(STOPPED_WITHIN_S)
        process.stdout.close()


@pytest.fixture(scope="session")
def large_archive(tmp_path_factory: pytest.TempPathFactory, sqlite_original: Path) -> Iterator[Console]:
    """An archive of 100,000 cameras."""
    folder = tmp_path_factory.mktemp("large")
    with _web_over(folder, sqlite_original, lambda database: fill(database, LARGE, datetime.now(UTC))) as console:
        yield console


@pytest.fixture(scope="module")
def doubtful(tmp_path_factory: pytest.TempPathFactory, sqlite_original: Path) -> Iterator[Console]:
    """An inventory with one open question about identity of each kind; an operator has the administrator's password."""
    folder = tmp_path_factory.mktemp("doubtful")
    with _web_over(
        folder, sqlite_original, lambda database: doubtful_identity.fill(database, datetime.now(UTC))
    ) as console:
        console.post("/users", {"name": "operator", "password": ADMIN_PASSWORD, "role": "operator"})
        yield console


@pytest.fixture
def visit_doubtful(doubtful: Console, browser: Browser) -> Iterator[Callable[..., Visit]]:
    """As `visit`, of the doubtful inventory."""
    with _visits(browser, doubtful, ADMIN_PASSWORD) as open_one:
        yield open_one


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory, sqlite_original: Path) -> Iterator[Console]:
    """One camera in whose picture something was found."""
    folder = tmp_path_factory.mktemp("judged")
    with _web_over(
        folder, sqlite_original, lambda database: judged_pictures.fill(database, folder, datetime.now(UTC))
    ) as console:
        yield console


@pytest.fixture
def visit_judged(judged: Console, browser: Browser) -> Iterator[Callable[..., Visit]]:
    """As `visit`, of that camera's server."""
    with _visits(browser, judged, ADMIN_PASSWORD) as open_one:
        yield open_one


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory, sqlite_original: Path) -> Iterator[Console]:
    """One camera whose record tells its direction wrongly."""
    folder = tmp_path_factory.mktemp("street")
    with _web_over(
        folder, sqlite_original, lambda database: clicked_street.fill(database, folder, datetime.now(UTC))
    ) as console:
        somewhere = {"lon": 0, "lat": 0, "bearing_deg": 0}
        console.api.post("/coverage/view", json=somewhere, timeout=READY_WITHIN_S).raise_for_status()
        yield console


@pytest.fixture
def visit_street(street: Console, browser: Browser) -> Iterator[Callable[..., Visit]]:
    """As `visit`, of that camera's server."""
    with _visits(browser, street, ADMIN_PASSWORD) as open_one:
        yield open_one


@pytest.fixture(scope="module")
def mapped(tmp_path_factory: pytest.TempPathFactory, sqlite_original: Path) -> Iterator[tuple[Console, Path]]:
    """A town that one map was made of, and the folder of its database and its uploads."""
    expect.set_options(timeout=EXPECT_WITHIN_MS)
    folder = tmp_path_factory.mktemp("mapped") / "web"
    folder.mkdir()
    with _web_over(folder, sqlite_original, lambda database: mapped_town.fill(database, datetime.now(UTC))) as console:
        yield console, folder


@pytest.fixture
def visit_mapped(mapped: tuple[Console, Path], browser: Browser) -> Iterator[Callable[..., Visit]]:
    """As `visit`, of that town's server."""
    with _visits(browser, mapped[0], ADMIN_PASSWORD) as open_one:
        yield open_one


@pytest.fixture
def visit_archive(large_archive: Console, browser: Browser) -> Iterator[Callable[..., Visit]]:
    """As `visit`, of the large archive."""
    with _visits(browser, large_archive, ADMIN_PASSWORD) as open_one:
        yield open_one


@pytest.fixture(scope="session")
def busy_spot(console: Console) -> dict[str, float]:
    """A place in front of some camera that many healthy cameras see well and that an operator may look at."""
    best: tuple[float, dict[str, float]] = (0.0, {})
    for row in console.get("/cameras", status="up", limit=500, sort="id")["items"]:
        if row["bearing_deg"] is None or row["indoor"]:
            continue
        spot = in_front(Wgs84(row["lon"], row["lat"]), row["bearing_deg"], IN_FRONT_M)
        seen = console.get("/coverage/at", lon=spot.lon, lat=spot.lat)["seen_by"]
        worth = sum(min(each["density_px_per_m"], ENOUGH_PX_PER_M) for each in seen if each["usable"])
        if worth > best[0]:
            best = (worth, {"lon": spot.lon, "lat": spot.lat})
    assert best[0] > 0, "no camera sees any of the places in front of cameras"
    return best[1]


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory, sqlite_original: Path) -> Iterator[Console]:
    """A town that is maintained, with a user `wang` of the firm."""
    expect.set_options(timeout=EXPECT_WITHIN_MS)
    with _web_over(
        tmp_path_factory.mktemp("office"),
        sqlite_original,
        lambda database: maintained_town.fill(database, datetime.now(UTC)),
    ) as console:
        firm = next(
            each["id"]
            for each in console.get("/maintenance/maintainers")["items"]
            if each["name"] == maintained_town.FIRM
        )
        user = {"name": "wang", "password": ADMIN_PASSWORD, "role": "maintainer", "maintainer_id": firm}
        console.post("/users", user)
        yield console


@pytest.fixture
def visit_office(town: Console, browser: Browser) -> Iterator[Callable[..., Visit]]:
    with _visits(browser, town, ADMIN_PASSWORD) as open_one:
        yield open_one


@pytest.fixture
def visit_crew(town: Console, browser: Browser) -> Iterator[Callable[..., Visit]]:
    with httpx.Client(base_url=town.api.base_url) as api:
        token = api.post("/session", json={"username": "wang", "password": ADMIN_PASSWORD}).json()["token"]
        api.headers["Authorization"] = f"Bearer {token}"
        with _visits(browser, Console(url=town.url, api=api), ADMIN_PASSWORD) as open_one:
            yield open_one
