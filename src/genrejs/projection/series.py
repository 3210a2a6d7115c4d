"""The catalogue of yearly series: what each says, its unit, the stress that moves it most, and where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType


@dataclass(frozen=True)
class Series:
    """A named series of a projection: unit, the `stress` that moves it first, one sentence in each language, source."""

    name: str
    unit: str
    stress: str
    sentence_da: str
    sentence_en: str
    source: str


@cache
def series_catalogue() -> Mapping[str, Series]:
    """Return every series by its name."""
    return MappingProxyType({row[0]: Series(*row) for row in (*_CLIMATE, *_PEOPLE, *_ECONOMY, *_SOCIETY, *_ASSETS)})


_MODEL = "cohort-component model (docs/projection.md); ages, births, deaths and moves are assumptions"
_SUM = "assumption: arithmetic on ages with stated figures per head (docs/projection.md)"
_CLIMATE = (
    ("sea_rise", "m", "sea", "Havets stigning siden 2020.", "Rise of the sea since 2020.",
     "DMI Klimaatlas, national figures for the century's end (bt.dk); low +0.35 m, middle +0.5 m; "
     "high +0.9 m: municipal planning (oversvommelse.kyst.dk), its year an assumption"),
    ("rain_factor", "1", "rain", "Hvor meget hårdere en 100-års regn er end i 2020.",
     "How much harder a 100-year rain is than in 2020.", "Skrift 30 (general knowledge); the levels are assumptions"),
    ("river_factor", "1", "river", "Hvor meget mere vand åerne fører i flom end i 2020.",
     "How much more water the streams carry in flood than in 2020.", "assumption"),
)  # fmt: skip
_PEOPLE = (
    ("residents", "persons", "growth", "Indbyggere i kommunen.", "Residents of the municipality.",
     "114,830 in 2019 and 130,169 in 2045 (trap.lex.dk); between and after: " + _MODEL),
    ("town_residents", "persons", "growth", "Indbyggere i byen.", "Residents of the town.",
     "58,000 in 2018 and at most 100,000 in 2050 (okolariet.dk); the town's share of growth is an assumption"),
    ("children", "persons", "ageing", "Børn og unge på 0-17 år i kommunen.", "Children aged 0-17.", _MODEL),
    ("adults", "persons", "growth", "Voksne på 18-70 år i kommunen.", "Adults aged 18-70.", _MODEL),
    ("seniors", "persons", "ageing", "Ældre på 71 år og derover i kommunen.", "Seniors aged 71 and over.", _MODEL),
    ("over_80", "persons", "ageing", "Borgere på 80 år og derover i kommunen.", "People aged 80 and over.", _MODEL),
    ("working_age", "persons", "growth", "Borgere på 18-66 år i kommunen.", "People aged 18-66.", _MODEL),
    ("elderly_share", "1", "ageing", "Andel på 71 år og derover.", "Share aged 71 and over.", _MODEL),
    ("dependency", "1", "ageing", "Børn og ældre for hver borger på 18-66 år.",
     "Children and elderly for each person aged 18-66.", _MODEL),
    ("other_language_share", "1", "language", "Andel, der taler et andet sprog end dansk hjemme.",
     "Share who speak another language than Danish at home.",
     "assumption; movers of another language 487 of 666 a year in 2009-18 (trap.lex.dk)"),
    ("households", "homes", "growth", "Husstande i kommunen.", "Households of the municipality.", _SUM),
    ("births", "persons", "ageing", "Fødsler om året.", "Births a year.", _MODEL),
    ("deaths", "persons", "ageing", "Dødsfald om året.", "Deaths a year.", _MODEL),
    ("net_migration", "persons", "growth", "Tilflyttere minus fraflyttere om året.", "Net movers in a year.",
     "found from the published totals of 2045 and 2050; published for 2009-18: 666 a year (trap.lex.dk)"),
)  # fmt: skip
_ECONOMY = (
    ("employed", "persons", "economy", "Borgere i arbejde.", "People in work.", _SUM),
    ("employment_rate", "1", "economy", "Andel i arbejde af dem på 18-70 år.", "Share in work aged 18-70.", _SUM),
    ("unskilled_share", "1", "economy", "Andel på 18-66 år uden uddannelse efter grundskolen.",
     "Share aged 18-66 without training beyond school.", "assumption"),
    ("jobs_ratio", "1", "economy", "Byens arbejdspladser i forhold til i dag.", "Jobs in town against today's.", _SUM),
    ("low_income_ratio", "1", "economy", "Andelen med lav indkomst i forhold til i dag.",
     "Share of low income against today's.", "assumption"),
    ("welfare_cost", "DKK", "ageing", "Kommunal velfærd om året i 2024-priser.",
     "Municipal welfare a year, prices of 2024.", _SUM),
    ("tax_base", "DKK", "economy", "Indtægt til velfærd om året i 2024-priser.",
     "Income for welfare a year, prices of 2024.", _SUM + "; balances the cost in the base year by construction"),
    ("welfare_gap", "DKK", "ageing", "Velfærd, som pengene ikke rækker til om året.",
     "Welfare that the money does not reach a year.", _SUM),
    ("hands_needed", "persons", "ageing", "Fuldtidsstillinger, som velfærden kræver.",
     "Full-time staff that welfare needs.", _SUM),
    ("hands_missing", "persons", "ageing", "Hænder, som velfærden mangler.", "Hands that welfare lacks.", _SUM),
)  # fmt: skip
_SOCIETY = (
    ("volunteers_share", "1", "cohesion", "Andel voksne, der er frivillige.", "Share of adults who volunteer.",
     "40 % in 2024 (cancer.dk) and by age (dersamler.dk); the drift is an assumption"),
    ("volunteers", "persons", "cohesion", "Frivillige i kommunen.", "Volunteers in the municipality.",
     "40 % in 2024 (cancer.dk); the rest is arithmetic on ages"),
    ("volunteer_hours", "h", "cohesion", "Frivillige timer om året.", "Volunteers' hours a year.",
     "18 hours a month in 2024 (cancer.dk)"),
    ("social_capital", "1", "cohesion", "Social kapital fra 0 til 1.", "Social capital from 0 to 1.", "assumption"),
)  # fmt: skip
_ASSETS = (
    ("asset_age", "year", "wear", "Anlæggenes gennemsnitsalder.", "Mean age of installations.", "assumption"),
    ("failure_ratio", "1", "wear", "Hvor ofte anlæg svigter i forhold til i dag.",
     "How often installations fail against today.", "assumption: Weibull at the mean age"),
    ("repair_ratio", "1", "wear", "Arbejde ved en reparation i forhold til i dag.",
     "Work of a repair against today.", "assumption"),
    ("fail_depth_ratio", "1", "wear", "Vanddybde, der stopper et anlæg, i forhold til i dag.",
     "Depth of water that stops an installation, against today.", "assumption"),
    ("digital_share", "1", "digital", "Hvor meget tjenesterne læner sig op ad it, fra 0 til 1.",
     "How far services lean on IT, from 0 to 1.", "assumption: logistic uptake"),
)  # fmt: skip
