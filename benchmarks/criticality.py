"""What hurts most in the embedded city, and how long the tables take: `python benchmarks/criticality.py [--repeat N]`.

The lifelines and their people are those of the embedded city (constructed); 48 hours, damage on the spot. Wall seconds
are the best of N after the kernels are compiled; every table is printed, so the figures of the documents are here.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from genrejs.city.embedded import load_city
from genrejs.impact.criticality import (
    FailureSettings,
    colocated,
    common_causes,
    group_failures,
    pair_failures,
    single_failures,
    single_points,
)
from genrejs.impact.digital import attack_losses, digitalise, smart_measures, without_hands
from genrejs.impact.service import service_system

MILLION = 1e6


def timed(name: str, make: Callable[[], pd.DataFrame], repeat: int) -> pd.DataFrame:
    """Make a table `repeat` times, tell the best time, and return it."""
    walls = []
    for _ in range(repeat):
        began = time.perf_counter()
        table = make()
        walls.append(time.perf_counter() - began)
    print(
        f"{name}: {len(table)} rows in {min(walls):.3f} s (best of {repeat}); load {os.getloadavg()[0]:.1f}", flush=True
    )
    return table


def show(title: str, table: pd.DataFrame) -> None:
    """Print a table in millions of service-people-hours."""
    figures = {
        c: table[c] / MILLION
        for c in ("people_hours", "own_people_hours", "singles", "interaction", "worst_single")
        if c in table
    }
    print(f"\n{title} (million service-people-hours)\n{table.assign(**figures).round(3).to_string()}", flush=True)


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--repeat", type=int, default=3)
    repeat = words.parse_args().repeat
    with tempfile.TemporaryDirectory() as kept:
        city = load_city(cell=40.0, cache=Path(kept))
    system, groups = service_system(city), common_causes()
    single_failures(system, FailureSettings(1.0))  # compiles
    singles = timed("N-1", lambda: single_failures(system), repeat)
    pairs = timed("N-2", lambda: pair_failures(system), repeat)
    show("Ten worst first failures", singles.head(10))
    show("Ten worst pairs", pairs.head(10))
    away = pairs[(pairs["first"] != singles["id"][0]) & (pairs["second"] != singles["id"][0])]
    show(f"Ten worst pairs without {singles['id'][0]}", away.head(10))
    show("Pairs that stand in for each other (interaction above 0)", pairs[pairs["interaction"] > 0].head(10))
    points = single_points(system)
    count = points.groupby("id").agg(services=("service", "nunique"), districts=("district", "nunique"))
    count = count.assign(people=points.drop_duplicates(["id", "district"]).groupby("id")["people"].sum())
    print(f"\nSingle points of failure: {points['id'].nunique()} of {len(system.ids)} components")
    print(count.sort_values(["people", "services"], ascending=False).head(10).to_string())
    show("Common causes", group_failures(system, groups))
    show("Places within 100 m", group_failures(system, colocated(city, 100.0)))
    show("Attacks today", attack_losses(city, groups))
    wired = digitalise(city, groups, list(smart_measures()))
    print(f"\nSmart measures: saving as a share of running cost, needs added\n{wired.ledger.to_string()}")
    show("Attacks on the smart city", attack_losses(wired.city, wired.groups))
    show("First failures of the smart city", single_failures(service_system(wired.city)).head(5))
    bare = [without_hands(service_system(each)) for each in (city, wired.city)]
    show("Common causes of the smart city, nobody by hand", group_failures(bare[1], wired.groups))
    sums = [single_failures(each)["people_hours"].sum() / MILLION for each in bare]
    print(f"\nAll first failures, nobody by hand: {sums[0]:.1f} today, {sums[1]:.1f} in the smart city")


if __name__ == "__main__":
    main()
