"""Numeric kernels: `@compiled` turns a function of numbers and arrays into machine code, cached on disk."""

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

from numba import njit

FIRST_TIME = "preparing the computation for this machine, once: the first time takes longer"
"""For whoever waits while kernels are compiled, which happens once after an installation."""

Kernel = TypeVar("Kernel", bound=Callable[..., object])


def compiled(kernel: Kernel) -> Kernel:
    """The first call compiles (seconds); later ones, also in other processes, load the cache (milliseconds).

    A kernel may call kernels of its own folder. numba by itself keeps cached code as long as the kernel's own file is
    unchanged, and would go on running old copies of the kernels it calls; so the stamp covers all files of the folder
    that hold kernels. A kernel takes its constants from such files too.
    Kernels let go of the interpreter lock while they run, and never use `fastmath`, which would remove tests for NaN.
    """
    dispatcher = cast(Any, njit(cache=True, nogil=True)(kernel))
    dispatcher._cache._cache_file._source_stamp = _folder_stamp(Path(kernel.__code__.co_filename).parent)
    return cast(Kernel, dispatcher)


@cache
def _folder_stamp(folder: Path) -> str:
    digest = hashlib.sha256()
    for file in sorted(folder.glob("*.py")):
        content = file.read_bytes()
        if b"\n@compiled\n" in content:
            digest.update(file.name.encode() + b"\0" + content + b"\0")
    return digest.hexdigest()


def is_compiled(kernel: Callable[..., object]) -> bool:
    """Is there cached code for it, so that its first call takes milliseconds?"""
    return bool(cast(Any, kernel)._cache._cache_file._load_index())
