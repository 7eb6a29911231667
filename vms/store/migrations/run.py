"""Alembic on an open transaction."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

FOLDER = Path(__file__).parent


def to_newest(tx: Connection) -> None:
    command.upgrade(configuration(tx), "head")


def configuration(tx: Connection) -> Config:
    """Alembic's configuration for this package's steps."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("file_template", "v%%(rev)s_%%(slug)s")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = tx
    return config
