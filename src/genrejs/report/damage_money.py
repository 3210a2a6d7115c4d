"""The parts of the damage page that turn on money: how often, who pays, a measure's worth, what matters most."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from genrejs.damage.result import Assessment
from genrejs.report import damage_charts as charts
from genrejs.report.damage_charts import Bar, Exceedance
from genrejs.report.damage_texts import figure, named, on_one_line, say, sentence, years
from genrejs.report.images import data_uri
from genrejs.report.tables import Cell, Row, Table
from genrejs.report.texts import Phrase, listing, money, number, percent

RULED = ("owner", "scheme")
"""Payers whose amounts follow rules with a source, at least in part; those of all others are assumptions."""
NOBODY = "nobody"
NEVER = ("payback_years", "discounted_payback_years")
SAME = 0.005
"""Share of a change below which nothing has changed."""


def often(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return the exceedance curve with its words, no chart where there is only one map."""
    rows = told["by_return_period"]
    if len(rows) < 2:
        return {"often_chart": None, "often_alt": None, "often_notes": [say("often.one")]}
    period = np.array([row["return_period_years"] for row in rows], dtype=float)
    loss = np.array([row["whole_dkk"] for row in rows], dtype=float)
    if not loss.any():
        return {"often_chart": None, "often_alt": None, "often_notes": [say("often.nothing")]}
    low, high = (_quantile(rows, end) for end in ("p05", "p95"))
    points = [
        say("often.point", years=years(each), loss=money(amount)) for each, amount in zip(period, loss, strict=True)
    ]
    notes = [say(f"often.{told['tail']}", years=years(float(period[-1])))]
    if "harmless_period_years" in told:
        harmless = told["harmless_period_years"]
        first = say("often.front_none", years=years(float(period[0])))
        notes.append(first if harmless is None else say("often.front", harmless=years(float(harmless))))
    return {
        "often_chart": _vector(charts.exceedance_chart(Exceedance(period, loss, low, high, told["tail"]))),
        "often_alt": say("often.alt", points=listing(points)),
        "often_notes": [*notes, say("often.axis")],
    }


def _quantile(rows: list[Mapping[str, Any]], end: str) -> np.ndarray[Any, np.dtype[np.float64]] | None:
    ends = [quantile(row, end) for row in rows]
    return None if None in ends else np.array(ends, dtype=float)


def quantile(row: Mapping[str, Any], end: str) -> float | None:
    """Return a quantile (p05, p95) of a row's whole loss [DKK], None without draws; sectors are not drawn."""
    name = f"loss_dkk_{end}"
    return float(row[name]) + float(row["sectors_dkk"]) if name in row else None


def other_losses(result: Assessment) -> dict[str, float]:
    """Return what was lost besides buildings on the rarest map [DKK], by sector, without those of nothing."""
    events = result.sectors[~result.sectors["annual"].astype(bool)]
    last = events.groupby("sector", sort=False)["loss_dkk"].last()
    return {str(name): float(loss) for name, loss in last.items() if loss > 0}


def _paid(result: Assessment) -> pd.Series[float]:
    """Return what every payer bears of an average year [DKK], the largest first and nobody last, without zeros."""
    annual = result.payers[result.payers["annual"].astype(bool)]
    amounts = annual.set_index("payer")["amount_dkk"].astype(float)
    amounts = amounts[amounts > 0].sort_values(ascending=False, kind="stable")
    order = [name for name in amounts.index if name != NOBODY] + [name for name in amounts.index if name == NOBODY]
    return amounts.reindex(order)


def largest_payer(result: Assessment) -> list[Phrase]:
    """Return a sentence on who bears the largest part, none where that is not known."""
    amounts = _paid(result)
    if amounts.empty:
        return []
    name, share = str(amounts.idxmax()), percent(float(amounts.max() / amounts.sum()))
    told = {"when": say("when.in_year"), "share": share}
    return [say("lead.nobody", **told) if name == NOBODY else say("lead.payer", payer=say(f"bearer.{name}"), **told)]


def payers(result: Assessment, event: Phrase) -> dict[str, Any]:
    """Return the fall from a year's loss to each payer, as a chart and as a table beside the rarest `event`."""
    amounts = _paid(result)
    if amounts.empty:
        words = say("pay.unknown" if result.payers.empty else "pay.nothing")
        return {"pay_intro": words, "pay_chart": None}
    total = float(amounts.sum())
    intro = say("pay.intro", when=say("when.in_year"), total=money(total))
    if others := other_losses(result):
        more = say("pay.with_sectors", what=listing(say(f"sector_word.{name}") for name in others))
        intro = Phrase(f"{intro.da} {more.da}", f"{intro.en} {more.en}")
    return {
        "pay_intro": intro,
        **fall(amounts, total),
        "pay_table": _payer_table(result, amounts, event),
        "pay_grounds": _grounds(result, amounts),
    }


def fall(amounts: pd.Series[float], total: float) -> dict[str, Any]:
    """Return the fall from the whole loss to each payer [DKK] as a chart and its words, payers of nothing left out."""
    paid = amounts[amounts > 0].sort_values(ascending=False, kind="stable")
    order = [name for name in paid.index if name != NOBODY] + [name for name in paid.index if name == NOBODY]
    bars = [_payer_bar(str(name), float(paid[name]), total) for name in order]
    first = Bar(say("payer.total"), total, text=money(total))
    parts = [
        say("pay.part", payer=on_one_line(bar.name), amount=money(bar.amount), share=percent(bar.amount / total))
        for bar in bars
    ]
    return {
        "pay_chart": _vector(charts.waterfall_chart(first, bars)),
        "pay_alt": say("pay.alt", payers=listing(parts)),
    }


def _payer_bar(name: str, amount: float, total: float) -> Bar:
    words = say(f"payer.{name}")
    marked = words if name in RULED else Phrase(words.da + "*", words.en + "*")
    text = Phrase(*(f"{a} ({b})" for a, b in zip(_pair(money(amount)), _pair(percent(amount / total)), strict=True)))
    return Bar(marked, amount, text=text, pale=name == NOBODY)


def _pair(phrase: Phrase) -> tuple[str, str]:
    return phrase.da, phrase.en


def _payer_table(result: Assessment, amounts: pd.Series[float], event: Phrase) -> Table:
    """Return who pays how much of an average year, and of the rarest `event`."""
    total, rare = float(amounts.sum()), _at_rarest(result)
    rows = []
    for name, amount in amounts.items():
        cells = (Cell(money(amount)), Cell(percent(float(amount / total))), Cell(money(rare[str(name)])))
        assumed = None if name in RULED else say("pay.assumed")
        rows.append(Row(on_one_line(say(f"payer.{name}")), cells, assumed))
    columns = (say("pay.amount_year"), say("pay.share"), say("pay.amount_event", event=event))
    return Table(say("pay.caption"), say("pay.who"), columns, tuple(rows))


def _grounds(result: Assessment, amounts: pd.Series[float]) -> list[tuple[Phrase, Phrase]]:
    """Return each payer and what the rule rests on."""
    settings = result.summary["settings"]
    pool = money(max(settings["payers.pool"] - settings["payers.pool_used"], 0.0))
    return [(on_one_line(say(f"payer.{name}")), say(f"ground_of.{name}", pool=pool)) for name in amounts.index]


def _at_rarest(result: Assessment) -> pd.Series[float]:
    """Return what each payer bears on the rarest map [DKK]."""
    events = result.payers[~result.payers["annual"].astype(bool)]
    rare = events[events["return_period_years"] == events["return_period_years"].max()]
    amounts: pd.Series[float] = rare.set_index("payer")["amount_dkk"].astype(float)
    return amounts


def worth_in_short(result: Assessment) -> list[Phrase]:
    """Return a sentence on whether the measure pays, none where there is no measure or no cost."""
    worth = result.summary.get("measure") or {}
    if "npv_dkk" not in worth:
        return []
    value = worth["npv_dkk"]
    return [say(f"lead.measure_{'pays' if value >= 0 else 'costs'}", value=money(abs(value)))]


def measure(result: Assessment) -> dict[str, Any]:
    """Return the losses before and after a measure, and what it is worth; the part is None without a measure."""
    table = result.more.get("measure")
    if table is None:
        return {"measure": None}
    worth, yearly = result.summary["measure"], result.summary["annual"] is not None
    whole = table[table["group"] == "all"].iloc[0]
    groups = table[table["group"].isin(["category", "sector"])].sort_values(
        "before_dkk", ascending=False, kind="stable"
    )
    groups = groups[(groups["before_dkk"] > 0) | (groups["after_dkk"] > 0)]
    rows = [(named(str(row["group"]), str(row["value"])), row) for _, row in groups.iterrows()]
    if len(rows) != 1:
        rows.insert(0, (say("payer.total"), whole))
    bars = [_change_bar(name, float(row["before_dkk"]), float(row["after_dkk"])) for name, row in rows]
    parts = [
        say("change.part", name=bar.name, before=money(bar.amount), after=money(bar.second or 0.0)) for bar in bars
    ]
    told = _change(float(whole["before_dkk"]), float(whole["after_dkk"]), yearly)
    return {
        "measure": told,
        "measure_chart": _vector(charts.change_chart(bars, yearly)),
        "measure_alt": say("change.alt", parts=listing(parts)),
        "measure_verdict": _verdict(worth),
        "measure_facts": _worth(worth) if "npv_dkk" in worth else (),
        "measure_rules": say("change.rules") if "npv_dkk" in worth else say("change.free"),
    }


def _change(before: float, after: float, yearly: bool) -> Phrase:
    """Return the change of the whole loss in a sentence."""
    amounts = {"before": money(before), "after": money(after), "avoided": money(before - after)}
    if abs(before - after) < SAME * before or before == after:
        return say("change.same", before=amounts["before"])
    if after > before:
        return say("change.worse", before=amounts["before"], after=amounts["after"])
    return say("change.spares" if yearly else "change.spares_once", **amounts)


def _change_bar(name: Phrase, before: float, after: float) -> Bar:
    share = (before - after) / before if before > 0 else float("-inf")
    if abs(share) < SAME:
        text = say("change.unchanged")
    elif after == 0.0:
        text = say("change.gone")
    elif before == 0.0:
        text = None
    else:
        text = say("change.less" if share > 0 else "change.more", share=percent(abs(share)))
    return Bar(name, before, after, text=text)


def _verdict(worth: Mapping[str, Any]) -> Phrase | None:
    if "npv_dkk" not in worth:
        return None
    value, period = worth["npv_dkk"], years(float(worth["period_years"]))
    return say(f"change.{'pays' if value >= 0 else 'costs'}", value=money(abs(value)), years=period)


def _worth(worth: Mapping[str, Any]) -> tuple[tuple[Phrase, Phrase], ...]:
    """Return the figures of what the measure is worth with their names."""
    rate, ratio = worth["internal_rate"], worth["benefit_cost"]
    because = str(worth["internal_rate_because"])
    no_rate = say("change.several" if "several" in because else "change.no_rate")
    paid = [
        say("change.never") if worth[name] is None else say("when.years", years=number(worth[name], 0))
        for name in NEVER
    ]
    return (
        (say("change.npv"), money(worth["npv_dkk"])),
        (say("change.benefit_cost"), number(float("nan") if ratio is None else ratio, 1)),
        (say("change.rate"), no_rate if rate is None else percent(rate, 1)),
        (say("change.payback"), paid[0]),
        (say("change.discounted"), paid[1]),
        (say("change.cost"), money(worth["cost_dkk"])),
        (say("change.upkeep"), money(worth["upkeep_dkk_per_year"])),
        (say("change.lifetime"), say("when.years", years=years(float(worth["lifetime_years"])))),
    )


def matters(result: Assessment, when: Phrase) -> dict[str, Any]:
    """Return what is uncertain by how much it matters; the part is None where that was not asked."""
    table = result.more.get("sensitivity")
    if table is None:
        return {"matters": None}
    at = say("when.in_year") if result.summary["annual"] else when
    sobol = "total" in table
    main, line = ("total", "total_95") if sobol else ("mean", "spread")
    shown = table[table[main] > 0]
    if shown.empty:
        return {"matters": say("matter.nothing"), "matters_chart": None, "matters_alt": None, "matters_note": None}
    write = percent if sobol else money
    bars = [
        Bar(
            _factor(str(row["factor"]), result.summary["settings"]), float(row[main]),
            float(row["first"]) if sobol else None, float(row[line]), write(float(row[main])),
        )
        for _, row in shown.iterrows()
    ]  # fmt: skip
    words = [on_one_line(say(f"factor.{name}")) for name in shown["factor"]]
    amounts = [write(float(value)) for value in shown[main]]
    parts = [say("matter.part", name=name, amount=amount) for name, amount in zip(words, amounts, strict=True)]
    chart = charts.share_chart(bars) if sobol else charts.effect_chart(bars)
    return {
        "matters": sentence(say("matter.lead", factor=words[0])),
        "matters_chart": _vector(chart),
        "matters_alt": say("matter.alt", parts=listing(parts)),
        "matters_note": say("matter.sobol" if sobol else "matter.morris", when=at),
    }


def _factor(name: str, settings: Mapping[str, float]) -> Phrase:
    """Return the name of a factor with how far it is moved."""
    words, spread = say(f"factor.{name}"), settings.get(f"spread.{name}")
    words = sentence_kept(words)
    if spread is None:
        return words
    reach = figure(float(spread), "m" if name in ("depth", "threshold") else "share")
    told = say("reach.down" if name == "threshold" else "reach.both", value=reach)
    return Phrase(f"{words.da}\n{told.da}", f"{words.en}\n{told.en}")


def sentence_kept(phrase: Phrase) -> Phrase:
    """Return a name with a capital letter, its breaks of line kept."""
    return Phrase(phrase.da[:1].upper() + phrase.da[1:], phrase.en[:1].upper() + phrase.en[1:])


def _vector(drawn: charts.Drawn) -> dict[str, str]:
    return {language: data_uri(content, "image/svg+xml") for language, content in drawn.items()}
