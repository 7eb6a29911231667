"""Fetches the console's few outside files anew with `npm pack` and holds them against vendor/versions.json.

    python scripts/refresh_vendor.py            fetch what versions.json names; refuse what has another hash
    python scripts/refresh_vendor.py --accept   write the hashes that are found (after a change of version)

Where packages come from is npm's own configuration; nothing here names a place.
"""

import argparse
import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

VENDOR = Path(__file__).resolve().parent.parent / "vms" / "console" / "static" / "vendor"
VERSIONS = VENDOR / "versions.json"
SOURCE_MAP = re.compile(rb"\n?(//# sourceMappingURL=\S+|/\*# sourceMappingURL=\S+ \*/)\s*$")


class Refused(Exception):
    """The package is not the one that versions.json describes."""


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def pack(name: str, version: str, folder: Path) -> Path:
    """The package's archive as npm hands it out."""
    command = ["npm", "pack", f"{name}@{version}", "--json", "--loglevel=error"]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True, timeout=300)  # noqa: S603
    return folder / str(json.loads(done.stdout)[0]["filename"])


def adapted(content: bytes, replace: dict[str, str]) -> bytes:
    """A page without a build step needs relative import names, and no map of a source that is not here."""
    for old, new in replace.items():
        if old.encode() not in content:
            raise Refused(f"does not contain {old!r} any more")
        content = content.replace(old.encode(), new.encode())
    return SOURCE_MAP.sub(b"\n", content)


def refresh(package: dict[str, Any], accept: bool) -> None:
    name, version = package["name"], package["version"]
    with tempfile.TemporaryDirectory() as temporary:
        archive = pack(name, version, Path(temporary))
        found = sha256(archive.read_bytes())
        if found != package.get("archive_sha256") and not accept:
            raise Refused(f"{name} {version}: archive has {found}, versions.json says {package.get('archive_sha256')}")
        package["archive_sha256"] = found
        with tarfile.open(archive) as contents:
            for file in package["files"]:
                member = contents.extractfile(file["from"])
                if member is None:
                    raise Refused(f"{name} {version}: {file['from']} is no file")
                content = adapted(member.read(), file.get("replace", {}))
                if sha256(content) != file.get("sha256") and not accept:
                    raise Refused(f"{name} {version}: {file['to']} has another hash")
                file["sha256"] = sha256(content)
                target = VENDOR / file["to"]
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--accept", action="store_true", help="write the hashes found into versions.json")
    options = parser.parse_args()
    versions = json.loads(VERSIONS.read_text(encoding="utf-8"))
    try:
        for package in versions["packages"]:
            refresh(package, options.accept)
            print(f"{package['name']} {package['version']}: {len(package['files'])} files")  # noqa: T201
    except (Refused, KeyError) as problem:
        print(f"refused: {problem}", file=sys.stderr)  # noqa: T201
        return 1
    if options.accept:
        VERSIONS.write_text(json.dumps(versions, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
