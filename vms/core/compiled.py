"""Numeric kernels: `@compiled` turns a function of numbers and arrays into machine code, cached on disk."""

from collections.abc import Callable
from typing import TypeVar, cast

from numba import njit

Kernel = TypeVar("Kernel", bound=Callable[..., object])


def compiled(kernel: Kernel) -> Kernel:
    """The first call compiles (seconds); later ones, also in other processes, load the cache (milliseconds).

    Kernels let go of the interpreter lock while they run, and never use `fastmath`, which would remove tests for NaN.
    """
    return cast(Kernel, njit(cache=True, nogil=True)(kernel))
