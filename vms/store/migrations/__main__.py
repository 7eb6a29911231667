"""For developers: `python -m vms.store.migrations 0002 "What the step does"` writes the next step from the schema."""

import sys
import tempfile
from pathlib import Path

from alembic import command

from vms.store.database import Database
from vms.store.migrate import upgrade
from vms.store.migrations.run import configuration


def main() -> None:
    number, message = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'now.db'}")
        upgrade(database)
        with database.writing() as tx:
            command.revision(configuration(tx), message, autogenerate=True, rev_id=number)


if __name__ == "__main__":
    main()
