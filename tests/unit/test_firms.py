import runpy
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from genrejs.city.districts import read_table
from genrejs.errors import InputError
from genrejs.recovery.economy import Shock, run_economy, town_table
from genrejs.recovery.firms import SECTORS, STATES, FirmSettings, firms_after, read_recovery_table
from genrejs.recovery.restore import RecoverySettings, restore

CITY = runpy.run_path(str(Path(__file__).parents[1] / "recovery_city.py"))
tiny_city, tiny_impact, component = CITY["tiny_city"], CITY["tiny_impact"], CITY["component"]
nobody_warned = CITY["nobody_warned"]
NEVER_LOST = FirmSettings(survival_days=1e12)


def town(parts=(), supply=(), codes=(322,), jobs=10):
    city = tiny_city(parts, (), supply, homes=20)
    uses = np.resize(np.array(codes), 20)
    return city.change(buildings=city.buildings.assign(jobs=jobs, bbr_code=uses, residents=0))


def flooded(city, inside):
    impact = tiny_impact(city, wet=range(20))
    return replace(impact, buildings=impact.buildings.assign(depth_inside=inside))


def test_every_use_that_has_jobs_in_the_embedded_city_has_a_sector():
    use = read_table("vejle", "building_use.csv")
    known = read_recovery_table("firm_sectors.csv")
    assert set(use.loc[use["jobs_density"] > 0, "bbr_code"]) <= set(known["bbr_code"])
    assert set(known["sector"]) <= set(SECTORS)
    assert tuple(town_table().sectors) == SECTORS


def test_the_deeper_the_longer_and_dry_firms_stay_open():
    city = town()
    depth = np.zeros(20)
    depth[:5] = [0.01, 0.02, 0.3, 0.75, 9.0]
    found = firms_after(city, flooded(city, depth), settings=NEVER_LOST)
    assert found.firms["closed_days"].tolist()[:5] == [0.0, 3.0, 30.0, 90.0, 240.0]
    assert found.firms["state"].tolist()[:6] == ["open", "reopened", "reopened", "reopened", "reopened", "open"]
    assert found.firms["job_days"].sum() == pytest.approx(10 * (3 + 30 + 90 + 240))


def test_capacity_and_job_days_are_the_same_work():
    city = town(codes=(222, 322, 321))
    found = firms_after(city, flooded(city, np.linspace(0, 2, 20)))
    jobs = found.by_sector.set_index("sector")["jobs"].reindex(list(SECTORS)).to_numpy()
    missing = ((1.0 - found.capacity) @ jobs).sum()
    assert missing == pytest.approx(found.firms["job_days"].sum())
    assert found.by_sector["job_days"].sum() == pytest.approx(missing)
    assert (found.capacity[:, SECTORS.index("public")] == 1).all()
    assert found.by_sector[list(STATES)].to_numpy().sum() == 20
    assert (np.diff(found.capacity, axis=0) >= -1e-12).all()


def test_longer_closed_never_saves_a_firm():
    city = town()
    gone = [
        set(np.flatnonzero(firms_after(city, flooded(city, np.full(20, d))).firms["state"] == "lost"))
        for d in (0.0, 0.3, 1.0, 2.0)
    ]
    assert not gone[0]
    assert gone[1] <= gone[2] <= gone[3]
    share = -np.expm1(-240 / 1500)
    assert len(gone[3]) == pytest.approx(20 * share, abs=1)


def test_a_firm_beyond_the_horizon_is_closed():
    city = town()
    found = firms_after(city, flooded(city, np.full(20, 2.0)), settings=replace(NEVER_LOST, horizon_days=100))
    assert set(found.firms["state"]) == {"closed"}
    assert np.isinf(found.firms["closed_days"]).all()
    assert (found.capacity[:, SECTORS.index("trade")] == 0).all()


def test_repairs_keep_firms_closed_and_lifelines_cost_work():
    parts = [component("station", "power", repair=200.0)]
    city = town(parts, [("station", d, 1.0) for d in "AB"])
    impact = tiny_impact(city, wet=(0,), parts={"station": {"flooded": True, "dry_after": 48.0, "depth": 1.0}})
    recovery = restore(city, impact, nobody_warned(city), RecoverySettings(horizon_days=400))
    found = firms_after(city, impact, recovery, NEVER_LOST)
    assert found.firms["closed_days"][0] == pytest.approx(recovery.buildings["restored"][0] / 24 + 14)
    f = recovery.functionality.sel(service="power", district="B")
    width = np.append(np.diff(f["time"]), 24.0)
    dark = float(((1.0 - f.to_numpy()) * width).sum()) / 24.0
    assert dark > 2
    assert found.firms["outage_days"][19] == pytest.approx(0.9 * dark)
    assert found.firms["outage_days"][0] == pytest.approx(0.0)
    assert found.firms["state"][19] == "open"


def test_firms_strike_the_economy():
    city = town(codes=(222, 223, 322, 333, 321, 421))
    found = firms_after(city, flooded(city, np.full(20, 1.0)))
    run = run_economy(town_table(1e9), Shock(capacity=found.capacity))
    assert run.output[0].max() == pytest.approx(0.0, abs=1e-6)
    assert 0 < run.value_loss < 2e9


def test_wrong_input_is_named():
    city = town(codes=(999,))
    with pytest.raises(InputError, match="BBR code 999"):
        firms_after(city, flooded(city, np.zeros(20)))
    impact = flooded(city, np.zeros(20))
    with pytest.raises(InputError, match="number of buildings"):
        firms_after(city, replace(impact, buildings=pd.DataFrame({"depth_inside": [1.0]})))
    with pytest.raises(InputError, match=r"firms\.depths"):
        FirmSettings(depths=(0.3, 0.1), closed_days=(1.0, 2.0))
    with pytest.raises(InputError, match="survival_days"):
        FirmSettings(survival_days=0.0)
    with pytest.raises(InputError, match=r"firms\.needs"):
        FirmSettings(needs={"power": 2.0})
