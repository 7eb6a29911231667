"""`vms check`: settings that are allowed by their form and still will not do what somebody wants; and their store."""

import sqlite3
import stat
from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from vms.app.alerting import mail_server
from vms.app.sweeping import our_ground
from vms.config import Settings
from vms.core.errors import BadInput
from vms.services.alerts.mail import try_server
from vms.services.check_store import Finding, check_store
from vms.services.maps.base_map import TileFile
from vms.services.sweeping.plan import search_of
from vms.store import code_tables
from vms.store.database import Database

OTHERS_MAY_READ = stat.S_IRGRP | stat.S_IROTH


def check_settings(settings: Settings) -> list[Finding]:
    """Empty where nothing is wrong; reads the password files' names and modes, not their content."""
    return [
        *_passwords(settings),
        *_networks(settings),
        *_schedule(settings),
        *_registration(settings),
        *_base_map(settings),
        *_data(settings.data_folder),
    ]


def check_database(settings: Settings) -> list[Finding]:
    """The store that the settings name, as it is: neither made nor brought up. One that cannot be read is a finding."""
    try:
        database = Database(settings.url)
    except BadInput as problem:
        return [Finding(where="database_url", message=problem.message)]
    file = database.engine.url.database or ""
    if database.is_sqlite and not Path(file).is_file():
        return [Finding(where=file or "database_url", message="there is no database yet; `vms serve` makes it")]
    try:
        found = [*_data(Path(file)), *check_store(database)] if database.is_sqlite else check_store(database)
        return found or list(_key_sites(settings, database))
    except (SQLAlchemyError, sqlite3.Error) as problem:
        said = str(getattr(problem, "orig", None) or problem).partition("\n")[0]
        return [Finding(where="database", message=f"it cannot be read: {said}")]
    finally:
        database.close()


def check_mail(settings: Settings) -> list[Finding]:
    """Whether the mail server takes us: it is reached, trusted and signed in to, and no letter is sent."""
    try:
        server = mail_server(settings)
    except BadInput as problem:
        return [Finding(where="alerts", message=problem.message)]
    if server is None:
        return []
    file = settings.alerts.smtp_password_file
    found = [Finding(where=str(file), message=message) for message in (_password_file(file) if file else ())]
    told = try_server(server)
    if not told.arrived:
        where = f"alerts.smtp_host {server.host}:{server.port}"
        found.append(Finding(where=where, message=f"no mail goes out: {told.answer}"))
    return found


def _key_sites(settings: Settings, database: Database) -> Iterator[Finding]:
    with database.reading() as tx:
        codes = code_tables.every(tx)
    for code in settings.archive.key_site_categories:
        if not codes.knows("site_category", code):
            message = f"no site category {code} is known: no camera is at such a site"
            yield Finding(where="archive.key_site_categories", message=message)


def _passwords(settings: Settings) -> Iterator[Finding]:
    used = {name for network in settings.networks for name in network.credentials}
    for item in settings.credentials:
        where = f"credentials {item.name}"
        if item.name not in used:
            yield Finding(where=where, message="no network uses this credential set")
        yield from (Finding(where=where, message=message) for message in _password_file(item.password_file))


def _password_file(file: Path) -> Iterator[str]:
    try:
        mode = file.stat().st_mode
    except OSError as problem:
        yield f"{file}: {problem.strerror}"
        return
    if mode & OTHERS_MAY_READ:
        yield f"{file} can be read by others; chmod 600 it"


def _data(path: Path) -> Iterator[Finding]:
    """The data folder, or the database's file where that lies in a folder that is open to everybody."""
    try:
        mode, above = path.stat().st_mode, path.parent.stat().st_mode
    except OSError:
        return  # not made yet
    if stat.S_ISDIR(mode) and mode & stat.S_IRWXO:
        yield Finding(where=str(path), message="this folder of data is open to every user here; chmod 700 it")
    elif not stat.S_ISDIR(mode) and mode & stat.S_IROTH and above & stat.S_IXOTH:
        yield Finding(where=str(path), message="every user here can read this database; chmod 600 it")


def _base_map(settings: Settings) -> Iterator[Finding]:
    if settings.map.base != "mbtiles" or settings.map.file is None:
        return
    try:
        TileFile(settings.map.file)
    except BadInput as problem:
        yield Finding(where="map.file", message=problem.message)


def _networks(settings: Settings) -> Iterator[Finding]:
    seen: set[str] = set()
    for network in settings.networks:
        if network.cidr in seen:
            yield Finding(where=f"networks {network.cidr}", message="this network is named twice")
        seen.add(network.cidr)
        if not network.credentials:
            yield Finding(
                where=f"networks {network.cidr}", message="no credential set: its cameras cannot be signed in to"
            )


def _schedule(settings: Settings) -> Iterator[Finding]:
    """A scheduled sweep asks all networks of the settings."""
    if settings.discovery.every_h is None or not settings.networks:
        return
    try:
        search_of(our_ground(settings))
    except BadInput as problem:
        yield Finding(where="discovery.every_h", message=f"no sweep can be started: {problem}")


def _registration(settings: Settings) -> Iterator[Finding]:
    for cidr in settings.registration_networks:
        if ip_network(cidr).is_global:
            yield Finding(
                where=f"registration_networks {cidr}", message="a public network: owners could make us call it"
            )
