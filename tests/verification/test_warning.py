"""The warning against closed forms: logistic, exponential and mixed spreading, independent channels, the ladder."""

import numpy as np
import pytest

from genrejs.city.preparedness import Preparedness
from genrejs.warning.channels import GROUPS, WarningSettings, Working, channels
from genrejs.warning.diffusion import (
    Channel,
    first_told,
    spread,
    together,
    told,
    told_by_each,
    told_twice,
    warned_share,
)
from genrejs.warning.ladder import Spread, belief, climb, compliance, decision, trust, understanding

ONE = np.ones(1)
TIME = np.arange(241.0)
RULES = WarningSettings()


def way(rate: float, reach: float = 1.0, delay: float = 0.0) -> Channel:
    return Channel("x", rate, np.array([reach]), delay)


@pytest.mark.parametrize("start", [0.001, 0.01, 0.2])
@pytest.mark.parametrize("contagion", [0.05, 0.1, 0.2])
def test_without_broadcast_the_spread_is_logistic(start: float, contagion: float) -> None:
    logistic = start / (start + (1.0 - start) * np.exp(-contagion * TIME))
    np.testing.assert_allclose(warned_share(TIME, 0.0, contagion, start), logistic, rtol=1e-12)
    heard = spread(np.zeros((TIME.size, 1)), np.array([[contagion]]), start=np.array([start]))[:, 0]
    np.testing.assert_allclose(heard, logistic, atol=0.04 * contagion)


@pytest.mark.parametrize("rate", [0.03, 0.1, 0.35])
def test_without_contagion_the_spread_is_exponential(rate: float) -> None:
    exponential = 1.0 - np.exp(-rate * TIME)
    np.testing.assert_allclose(warned_share(TIME, rate, 0.0), exponential, rtol=1e-12)
    heard = spread(told((way(rate),), 240, 1), np.zeros((1, 1)))[:, 0]
    np.testing.assert_allclose(heard, exponential, rtol=1e-12)


@pytest.mark.parametrize(("broadcast", "contagion"), [(0.03, 0.1), (0.35, 0.1), (0.01, 0.2), (0.1, 0.1)])
def test_both_together_follow_the_mixed_form(broadcast: float, contagion: float) -> None:
    """From nobody told: n = (1 - e^{-(A+B)t}) / (1 + (B/A) e^{-(A+B)t})."""
    fading = np.exp(-(broadcast + contagion) * TIME)
    mixed = (1.0 - fading) / (1.0 + contagion / broadcast * fading)
    np.testing.assert_allclose(warned_share(TIME, broadcast, contagion), mixed, atol=1e-12)
    heard = spread(told((way(broadcast),), 240, 1), np.array([[contagion]]))[:, 0]
    np.testing.assert_allclose(heard, mixed, atol=2e-3)


def test_siren_and_cell_broadcast_reach_982_in_a_thousand() -> None:
    """FACTS 9.1: 1 - (1 - 0.80)(1 - 0.91), for those who find the message when the siren sounds."""
    assert together(np.array([[0.80], [0.91]]))[0] == pytest.approx(0.982, abs=1e-12)
    ready = Preparedness(siren_reach=0.80, broadcast_reach=0.91, media_reach=0.0, contagion=0.0)
    ways = channels(ready, Working(), 5000.0, 2000.0, WarningSettings(siren_seek=1.0))
    heard = told(ways, 720, len(GROUPS))[-1]
    assert heard[[0, 2]] == pytest.approx([0.982, 0.982], abs=1e-9)


@pytest.mark.parametrize("reach", [0.64, 0.89, 0.91])
def test_the_danish_reach_of_each_year_is_what_broadcast_alone_gives(reach: float) -> None:
    ways = channels(Preparedness(broadcast_reach=reach, media_reach=0.0), Working(), 0.0, 1.0, RULES)
    assert told(ways, 240, len(GROUPS))[-1] == pytest.approx([reach, 0.85 * reach] * 2)


def test_two_channels_share_those_told_first_by_their_rates() -> None:
    each = told_by_each((way(0.3), way(0.1)), 240, 1)
    first = first_told(each, together(each))[:, 0]
    assert first == pytest.approx([0.75, 0.25, 0.0], abs=1e-9)


@pytest.mark.parametrize(("broadcast", "contagion"), [(0.05, 0.1), (0.02, 0.1), (0.1, 0.05)])
def test_broadcast_tells_first_the_share_of_the_closed_form(broadcast: float, contagion: float) -> None:
    """The integral of A (1 - n) over all time is (A/B) ln(1 + B/A); neighbours tell the rest."""
    each = told_by_each((way(broadcast),), 720, 1)
    heard = spread(together(each), np.array([[contagion]]))
    official = broadcast / contagion * np.log1p(contagion / broadcast)
    assert first_told(each, heard)[:, 0] == pytest.approx([official, 1.0 - official], abs=3e-3)


def test_who_heard_in_two_ways_is_the_product() -> None:
    each = told_by_each((way(5.0, 0.8), way(5.0, 0.5)), 240, 1)
    heard = together(each)
    assert told_twice(each, heard)[0] == pytest.approx(0.8 * 0.5 / (1.0 - 0.2 * 0.5))
    assert told_twice(each[:1], each[0])[0] == 0.0
    assert told_twice(each[:0], np.zeros((5, 1)))[0] == 0.0


def test_the_ladder_multiplies() -> None:
    """All heard, ample time: understood 0.95 or 0.60, believed 0.68/0.80, decided 0.80, acted the product."""
    ready = Preparedness(social_capital=0.4)
    everybody = np.ones((1001, len(GROUPS)))
    ladder = climb(ready, Spread(everybody[None], everybody, 1000.0), RULES)
    grasp = np.array([0.95, 0.95, 0.60, 0.60])
    assert ladder.understood == pytest.approx(grasp)
    assert ladder.believed == pytest.approx(grasp * 0.68 / 0.80)
    assert ladder.decided == pytest.approx(grasp * 0.68)
    assert ladder.acted == pytest.approx(grasp * 0.68)


def test_translation_lifts_understanding_from_060_to_085() -> None:
    for share in (0.0, 0.5, 1.0):
        own, _, foreign, _ = understanding(Preparedness(translated=share), RULES)
        assert (own, foreign) == (0.95, pytest.approx(0.60 + 0.25 * share))


def test_an_order_and_advice_are_followed_within_the_range_of_the_facts() -> None:
    """FACTS 9.3: 60-80 % follow a clear order, 20-40 % advice."""
    once = np.zeros(len(GROUPS))
    for capital in (0.0, 0.5, 1.0):
        order, advice = Preparedness(social_capital=capital), Preparedness(social_capital=capital, clear_order=0.0)
        assert compliance(order, once, RULES) == pytest.approx(0.6 + 0.2 * capital)
        assert (compliance(advice, once, RULES) >= 0.2).all() and (compliance(advice, once, RULES) <= 0.4).all()
        for ready in (order, advice):
            product = belief(ready, once, RULES) * decision(ready, RULES)
            assert compliance(ready, once, RULES) == pytest.approx(product)


def test_hearing_twice_takes_away_part_of_the_doubt() -> None:
    rules = WarningSettings(confirms=0.5)
    ready = Preparedness(social_capital=0.0)
    assert trust(ready, rules) == pytest.approx(0.75)
    shares = belief(ready, np.array([0.0, 0.5, 1.0]), rules)
    assert shares == pytest.approx([0.75, 0.75 + 0.25 * 0.25, 0.75 + 0.5 * 0.25])
    assert belief(Preparedness(social_capital=1.0), np.array([0.0, 1.0]), rules) == pytest.approx([1.0, 1.0])
