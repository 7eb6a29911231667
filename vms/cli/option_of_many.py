"""An option that takes every word up to the next option: `--reference a.jpg b.jpg --json`."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from typer.core import TyperCommand

REFERENCE = "--reference"


def spelled_out(words: Sequence[str], options: Collection[str]) -> list[str]:
    """The same line with each of these options repeated before each of its words."""
    return list(_spelled_out(words, options))


def _spelled_out(words: Sequence[str], options: Collection[str]) -> Iterator[str]:
    collecting, took = "", False
    for at, word in enumerate(words):
        if word == "--":
            if collecting and not took:
                yield collecting
            yield from words[at:]
            return
        if word in options or (word.startswith("-") and word != "-"):
            if collecting and not took:
                yield collecting
            collecting, took = (word, False) if word in options else ("", False)
            if not collecting:
                yield word
        elif collecting:
            yield from (collecting, word)
            took = True
        else:
            yield word
    if collecting and not took:
        yield collecting


class ReferencesInARow(TyperCommand):
    """A command whose `--reference` takes many."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        return super().parse_args(ctx, spelled_out(args, (REFERENCE,)))
