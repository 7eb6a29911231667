"""Counts an assessment in a process of its own, so that web goes on answering meanwhile.

A process for each: it reads what is asked as one line from its standard input, ends with that input, and so with web,
and answers on its standard output.
"""

import logging
import os
import pickle
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO
from zoneinfo import ZoneInfo

from pydantic import BaseModel, JsonValue

from vms.assessment.profile import Profile
from vms.core.errors import TryAgain, VmsError
from vms.services.assessment.assess import Assessment
from vms.services.assessment.office import Question
from vms.services.assessment.profiles import written_profile
from vms.supervisor import without_secrets

log = logging.getLogger(__name__)

LONGEST_S = 900.0
"""For 400 days of 100,000 cameras beside much else."""
COMMAND = (sys.executable, "-m", "vms.app.assessor")


class Asked(BaseModel):
    """What the process is told; its log may be read by others, its input by nobody."""

    database_url: str
    question: Question
    profile: dict[str, JsonValue]
    zone: str
    now: datetime


@dataclass(slots=True)
class AssessBeside:
    database_url: str
    command: tuple[str, ...] = COMMAND
    _running: set[subprocess.Popen[bytes]] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _closed: bool = False

    def __call__(self, question: Question, profile: Profile, zone: ZoneInfo, now: datetime) -> Assessment:
        """Blocking. Raises what the process refuses (BadInput), and TryAgain where it ended without an answer."""
        asked = Asked(
            database_url=self.database_url,
            question=question,
            profile=written_profile(profile),
            zone=zone.key,
            now=now,
        )
        answer = self._answer(asked.model_dump_json().encode() + b"\n")
        found = pickle.loads(answer)  # noqa: S301 - a process of our own wrote it, on a pipe that nobody else has
        if isinstance(found, VmsError):
            raise found
        assert isinstance(found, Assessment)
        return found

    def close(self) -> None:
        """Whoever waits is told to try again."""
        with self._lock:
            self._closed = True
            for process in self._running:
                process.kill()

    def _answer(self, told: bytes) -> bytes:
        process = self._start()
        assert process.stdin is not None and process.stdout is not None
        too_late = threading.Timer(LONGEST_S, process.kill)
        too_late.daemon = True
        too_late.start()
        try:
            _tell(process.stdin, told)
            answer = process.stdout.read()
            code = process.wait()
        finally:
            too_late.cancel()
            self._end(process)
        if code != 0 or not answer:
            if not self._closed:
                log.error("the process that counts an assessment ended with %s", code)
            raise TryAgain("counting the assessment was cut off; try again")
        return answer

    def _start(self) -> subprocess.Popen[bytes]:
        with self._lock:
            if self._closed:
                raise TryAgain("the server is stopping; try again in a minute")
            process = subprocess.Popen(  # noqa: S603
                self.command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                bufsize=0,
                process_group=0,
                env=without_secrets(os.environ),
            )
            self._running.add(process)
        return process

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        with self._lock:
            self._running.discard(process)
        process.kill()
        with process:  # closes its pipes, waits
            pass


def _tell(to: IO[bytes], line: bytes) -> None:
    """It stays open: its end is the process's end."""
    try:
        to.write(line)
    except BrokenPipeError:
        log.warning("the process that counts an assessment ended before it was told what")
