"""What others have named does not steer the terminal that shows it."""

import pytest

from vms.cli.output import print_table, say, say_as_it_is, say_error
from vms.core.errors import BadInput

HOSTILE = "a\x1b]0;owned\x07\x1b[2J.jpg"
SHOWN = r"a\x1b]0;owned\x07\x1b[2J.jpg"


def test_tables_and_sentences_write_control_characters_out(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(("image", "finding"), [(HOSTILE, None)])
    say(HOSTILE)
    say_as_it_is(HOSTILE)
    say_error(BadInput(HOSTILE))
    told = capsys.readouterr()
    assert SHOWN in told.out
    assert told.err.count(SHOWN) == 3
    assert not any(letter in told.out + told.err for letter in "\x1b\x07")
