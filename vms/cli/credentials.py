"""`vms credentials list|set|uses|remove|rotate-key`."""

from pathlib import Path
from typing import Annotated

import typer

from vms.app.stage import open_box, open_database
from vms.cli.output import print_json, print_table, say
from vms.cli.server import AsJson, Config, Db, settings_of, store_of
from vms.core.clock import system_clock
from vms.services.credentials.change_set import change_set, remove_set
from vms.services.credentials.overview import every_set
from vms.services.credentials.rotate_key import rotate_key
from vms.services.take_in_settings import read_credential
from vms.store import credential_uses
from vms.store import credentials as credential_store

WHO = "vms credentials"
sets = typer.Typer(help="Logins of devices: sets, their uses, the key they are sealed with.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="name of the set")]


def add_to(app: typer.Typer) -> None:
    sets.command("list")(list_sets)
    sets.command("set")(set_)
    sets.command()(uses)
    sets.command()(remove)
    sets.command("rotate-key")(rotate)
    app.add_typer(sets, name="credentials")


def list_sets(config: Config = None, db: Db = None, as_json: AsJson = False) -> None:
    """Names, user names and who uses them; no passwords."""
    with store_of(config, db) as database, database.reading() as tx:
        found = every_set(tx)
    if as_json:
        print_json(
            {
                "credentials": [
                    {
                        "id": one.credential.credential_id,
                        "name": one.credential.name,
                        "username": one.credential.username,
                        "version": one.credential.version,
                        "changed_at": one.credential.changed_at,
                        "owner": one.owner,
                        "devices": one.devices.used_by,
                        "refused_by": one.devices.refused_by,
                        "last_used_at": None if one.uses is None else one.uses.last_at,
                    }
                    for one in found
                ]
            }
        )
        return
    print_table(
        ("name", "user", "version", "owner", "devices", "refused by", "last used"),
        (
            (
                one.credential.name,
                one.credential.username,
                one.credential.version,
                one.owner,
                one.devices.used_by,
                one.devices.refused_by,
                None if one.uses is None else f"{one.uses.last_at:%Y-%m-%d %H:%M}",
            )
            for one in found
        ),
    )


def set_(
    name: Name,
    username: Annotated[str, typer.Option(help="user name on the devices")],
    password_file: Annotated[Path | None, typer.Option(help="file with the password (first line); else asked")] = None,
    owner: Annotated[str, typer.Option(help="whose set it is: an owner's name")] = "",
    config: Config = None,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """Make or change a set. Devices that refused it are asked once more."""
    password = (
        typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
        if password_file is None
        else read_credential(name, username, password_file).password
    )
    settings = settings_of(config, db)
    database = open_database(settings)
    try:
        credential_id = change_set(
            database, open_box(settings), name, username, password, WHO, system_clock(), owner=owner
        )
        with database.reading() as tx:
            version = credential_store.get(tx, credential_id).version
    finally:
        database.close()
    if as_json:
        print_json({"id": credential_id, "name": name, "version": version})
    else:
        say(f"{name} has version {version}")


def uses(
    name: Name,
    limit: Annotated[int, typer.Option(help="so many days and devices, the latest first", min=1, max=10_000)] = 100,
    config: Config = None,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """Who used it when, where and for what."""
    with store_of(config, db) as database, database.reading() as tx:
        known = credential_store.by_name(tx, name)
        page = credential_uses.of_credential(tx, known.credential_id, limit=limit)
    if as_json:
        print_json({"name": name, "total": page.total, "uses": page.items})
        return
    print_table(
        ("day", "purpose", "who", "device", "address", "count", "refused"),
        ((u.day, u.purpose.value, u.who, u.device_id or "", u.address, u.count, u.refused) for u in page.items),
    )


def remove(name: Name, config: Config = None, db: Db = None, as_json: AsJson = False) -> None:
    """Take a set away; refused while a device uses it."""
    with store_of(config, db) as database:
        remove_set(database, name, WHO, system_clock())
    if as_json:
        print_json({"removed": name})
    else:
        say(f"{name} is gone")


def rotate(config: Config = None, db: Db = None, as_json: AsJson = False) -> None:
    """Seal all stored passwords with a new key. May be stopped at any moment and called again."""
    settings = settings_of(config, db)
    database = open_database(settings)
    try:
        done = rotate_key(database, settings.data_folder, settings.secret_key or None)
    finally:
        database.close()
    if as_json:
        print_json(done)
    elif done.keys_left == 1:
        say(f"{done.resealed} secrets are sealed with the new key; the old one is gone")
    else:
        say(f"{done.resealed} secrets are sealed with the first key of VMS_SECRET_KEY; the others may be taken out now")
