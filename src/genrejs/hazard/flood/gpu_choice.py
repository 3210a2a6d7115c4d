"""Which engine computes a flood: the processor, or an NVIDIA GPU where there is one that can do it."""

from __future__ import annotations

import numpy as np

from genrejs.errors import InputError
from genrejs.hazard.flood.run import Run
from genrejs.hazard.flood.state import CULVERT, PUMP, WEIR, Waves

HALVES = 11
"""Numbers per cell that second order keeps between its two halves of a step."""
LINKS = {PUMP: "pumps", WEIR: "weirs", CULVERT: "culverts"}
NO_GPU = (
    "The engine cuda needs an NVIDIA GPU with its driver and the package numba-cuda (pip install 'genrejs[cuda]'); "
    "use cpu or auto."
)


def choose_engine(run: Run) -> str:
    """Return `cpu` or `cuda` for a case; `auto` stays on the processor until the GPU's engine is measured on a card.

    Raises
    ------
    InputError
        The engine is `cuda`, and there is no GPU, or it lacks something of the case or the memory for it.
    """
    if run.options.engine != "cuda":
        return "cpu"
    objection = _objection(run)
    if objection is not None:
        raise InputError(objection)
    return "cuda"


def _objection(run: Run) -> str | None:
    """Return why the GPU cannot compute the case; None where it can."""
    missing = lacking(run)
    if missing:
        return f"The engine cuda does not know {' and '.join(missing)} yet; use cpu or auto."
    free = free_memory()
    if free is None:
        return NO_GPU
    needed = memory_needed(run)
    if needed > free:
        return (
            f"The flood needs {needed / 1e9:.1f} GB of the GPU's memory, where {free / 1e9:.1f} GB are free; use cpu."
        )
    return None


def lacking(run: Run) -> list[str]:
    """Return what the case has and the GPU's engine does not know."""
    operated, sky = run.structures.works, run.drivers.sky
    found = [] if sky is None else ["rain by place or soil by class"]
    found += ["porosity"] if run.fields.porosity.size > 1 else []
    found += ["checkpoints"] if run.options.checkpoint or run.options.resume else []
    if operated is None:
        return found
    kinds = set(operated.link_kind.tolist())
    held = {
        "gates": operated.gate_face,
        "bridges": operated.bridge_face,
        "drains with outlets": operated.drain_cell,
        "rating edges": operated.rating_cell,
    }
    found += [name for name, cells in held.items() if cells.size]
    return found + [name for kind, name in LINKS.items() if kind in kinds]


def free_memory() -> float | None:
    """Return the free memory of the GPU [bytes]; None where there is none to be used."""
    try:
        from numba import cuda  # noqa: PLC0415

        if not cuda.is_available():
            return None
        return float(cuda.current_context().get_memory_info()[0])
    except Exception:  # noqa: BLE001  # a broken driver or package raises whatever it likes; there is no GPU then
        return None


def memory_needed(run: Run) -> float:
    """Return the memory [bytes] that the arrays of a case take on the GPU."""
    arrays = {id(array): array for state in run.states for array in state}
    total = float(sum(array.nbytes for array in arrays.values()))
    if isinstance(run.fields, Waves) and run.options.order == 2:
        total += HALVES * run.fields.depth.nbytes
    notes = run.clock.notes
    return total + (0.0 if notes is None else float(sum(np.asarray(array).nbytes for array in notes)))
