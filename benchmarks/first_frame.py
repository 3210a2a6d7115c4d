"""Time a click: `python -m benchmarks.first_frame [--people N] [--clicks N] [--wait S] [--new]`.

The real server in processes of its own. As soon as it answers (or S seconds later) a cloudburst is released on it, as a
page does it, while PEOPLE participants of a workshop post and follow its state; then further ones,
one after the other. Printed for each: seconds from the click to the run's begin, to its first picture with water, to
its end. With `--new` nothing that was compiled is kept from before, as on a machine that was just installed.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import tempfile
import time
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import numpy as np
from benchmarks.crowd import Table
from benchmarks.served import served
from PIL import Image

MIDDLE = (9.535, 55.708)


def wish(number: int) -> dict[str, Any]:
    """Return the inputs of a cloudburst like the page's; each of another depth, so that none is kept from before."""
    return {"event": {"kind": "cloudburst", "mm": 60 + number, "minutes": 60, "place": MIDDLE, "radius": 1000}}


async def click(web: httpx.AsyncClient, number: int) -> dict[str, float]:
    """Release a cloudburst, follow it, return the seconds to each thing that was seen."""
    begun, seen = time.perf_counter(), {}
    answer = await web.post("/processes/what-if/execution", json={"inputs": wish(number)})
    answer.raise_for_status()
    job = answer.json()["jobID"]
    seen["answered"] = time.perf_counter() - begun
    name = ""
    async with web.stream("GET", f"/jobs/{job}/events") as lines:
        async for line in lines.aiter_lines():
            if line.startswith("event: "):
                name = line[7:]
            if not line.startswith("data: "):
                continue
            data, now = json.loads(line[6:]), time.perf_counter() - begun
            if name == "status" and data["status"] == "running":
                seen.setdefault("begun", now)
            if name == "frame":
                seen.setdefault("picture", now)
                if "water" not in seen and data["time_s"] > 0 and await _wet(web, data["address"]):
                    seen["water"] = time.perf_counter() - begun
            if name == "done":
                seen["done"] = now
                if data["status"] != "successful":
                    raise SystemExit(f"The run is {data['status']}: {data['message']}")
    return seen


async def _wet(web: httpx.AsyncClient, address: str) -> bool:
    """Return whether a picture shows water in more than a hundred cells."""
    with Image.open(BytesIO((await web.get(address)).content)) as picture:
        return bool((np.asarray(picture) > 0).sum() > 100)


async def play(base: str, options: argparse.Namespace) -> None:
    timeout = httpx.Timeout(120)
    async with httpx.AsyncClient(base_url=base, timeout=timeout) as web:
        begun = time.perf_counter()
        await web.get("/api/workshop")
        print(f"the server answers after {time.perf_counter() - begun:.1f} s", flush=True)
        await asyncio.sleep(options.wait)
        table = await Table.found(int(base.rsplit(":", 1)[1]), options.people) if options.people else None
        posting = asyncio.create_task(table.play(3600.0, options.every, asyncio.Event())) if table else None
        for number in range(options.clicks):
            seen = await click(web, number)
            told = ", ".join(f"{name} {at:.1f}" for name, at in seen.items())
            print(f"click {number + 1} [s]: {told}; load {os.getloadavg()[0]:.1f}", flush=True)
        if posting is not None:
            posting.cancel()
            await asyncio.gather(posting, return_exceptions=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=0)
    parser.add_argument("--every", type=float, default=2.0)
    parser.add_argument("--clicks", type=int, default=2)
    parser.add_argument("--wait", type=float, default=0.0)
    parser.add_argument("--new", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        more = {"NUMBA_CACHE_DIR": str(Path(folder) / "compiled")} if options.new else {}
        with served(Path(folder) / "data", **more) as server:
            asyncio.run(play(server.base, options))


if __name__ == "__main__":
    main()
