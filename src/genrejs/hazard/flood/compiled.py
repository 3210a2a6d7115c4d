"""How the plain functions of `physics` become machine code: once for the processor, and untouched for the GPU."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numba import njit


def scalar(function: Callable[..., Any]) -> Any:
    """Return the function compiled for the processor; its Python source stays in `py_func` for the GPU."""
    return njit(cache=True, error_model="numpy", forceinline=True)(function)
