"""Compile every GPU kernel without a GPU and print its registers: `python benchmarks/gpu_compile.py [90]`.

Needs numba-cuda[cu12], which brings NVIDIA's compilers; the number is the card's compute capability (90: H100).
"""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace

import numba.cuda.dispatcher as launching
from numba import boolean, cuda, float32, float64, int32, int64, types, uint8

from genrejs.hazard.flood import (
    kernels_gpu_clock,
    kernels_gpu_faces,
    kernels_gpu_tiles,
    kernels_gpu_tools,
    kernels_gpu_waves,
)

MODULES = (kernels_gpu_clock, kernels_gpu_faces, kernels_gpu_tiles, kernels_gpu_tools, kernels_gpu_waves)
SCALARS = {"width": int64, "across": int64, "second": boolean, "purpose": int64}
SPECIAL = {
    float64: "now account times values totals true_ground sign",
    int64: "first flags counts start cell kind inner inner_axis face axis ghost ghost_of ghost_axis inflow_cell "
    "inflow_start wall wall_axis places",
    int32: "wet forced crowded",
    uint8: "catch active",
}
PLANES = {"taken": float64, "held": float64, "above": None, "halves": None}


def type_of(name: str, kernel: str, real):
    """Return the type of a kernel's argument by its name; most are arrays of the flood's own precision."""
    if name in SCALARS:
        return SCALARS[name]
    if name in PLANES:
        return types.Array(PLANES[name] or real, 2, "C")
    if name == "numbers":
        return types.Array(float64, 1, "C")
    kinds = [kind for kind, names in SPECIAL.items() if name in names.split()]
    return types.Array(kinds[0] if kinds else real, 1, "C")


def kernels():
    for module in MODULES:
        for name, found in vars(module).items():
            own = getattr(getattr(found, "py_func", None), "__module__", None) == module.__name__
            if own and not found.targetoptions.get("device"):
                yield name, found


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 90
    capability = divmod(number, 10)
    launching.get_current_device = lambda: SimpleNamespace(compute_capability=capability)
    home = importlib.util.find_spec("nvidia.cuda_nvcc").submodule_search_locations[0]
    for real in (float32, float64):
        for name, kernel in kernels():
            code = kernel.py_func.__code__
            signature = tuple(type_of(a, name, real) for a in code.co_varnames[: code.co_argcount])
            text, _ = cuda.compile_ptx(kernel, signature, cc=capability)
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder, "kernel.ptx")
                path.write_text(text)
                ptxas = [Path(home, "bin", "ptxas"), f"-arch=sm_{number}", "-v", path, "-o", Path(folder, "out")]
                said = subprocess.run(ptxas, capture_output=True, text=True, check=True).stderr
            registers, spilled = re.findall(r"Used (\d+) reg", said), re.findall(r"(\d+) bytes spill stores", said)
            print(f"{real} {name}: {registers[-1]} registers, {spilled[-1]} bytes spilled")


if __name__ == "__main__":
    main()
