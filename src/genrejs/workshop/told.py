"""What the workshop's routes answer, as types: from these the API's description is made."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from genrejs.workshop.actions import Good, Round


class Told(BaseModel):
    """A part of an answer: nothing in it that is not named."""

    model_config = ConfigDict(extra="forbid")


class ProblemTold(Told):
    """A refusal (RFC 9457): `detail` is one sentence in the language of whoever asked, `reason` a word for programs."""

    type: str
    title: str
    status: int
    detail: str
    reason: str


class PriceTold(Told):
    """What drawn works cost together [DKK], an assumption."""

    dkk: float


class FoundTold(Told):
    """A new workshop; the token is shown this once."""

    code: str
    leader_token: str


class JoinedTold(Told):
    """A new participant; the token is shown this once."""

    participant: str
    token: str


class DoneTold(Told):
    """The number of an action that is kept; none for a vote while the tally is hidden: it would count the others'."""

    seq: int | None


class TimerTold(Told):
    """When the time is up (ISO 8601, UTC)."""

    ends_at: str


class RulesTold(Told):
    """What each participant has: a budget [DKK], stars, dots."""

    budget: int
    stars: int
    dots: int


class CardTold(Told):
    """A challenge."""

    id: str
    text: str
    group: str | None
    stars: int


class PartTold(Told):
    """An idea that has become part of another, in its own words."""

    id: str
    text: str


class IdeaTold(Told):
    """An idea; `cost` [DKK] by `cost_source`, an assumption in all cases; `parts` are ideas made one with it."""

    id: str
    text: str
    measure: str | None
    place: tuple[float, float] | None
    drawn: list[dict[str, Any]]
    support: int
    goods: dict[Good, int]
    cost: float | None
    cost_source: Literal["catalogue", "drawn", "catalogue and drawn", "leader"] | None
    parts: list[PartTold]


class HitTold(Told):
    """What happens when the event comes, in the city and by district."""

    figures: dict[str, float | bool | None]
    districts: list[dict[str, Any]]


class RunTold(Told):
    """Ideas worked out together by the model; `figures` and `districts` as in the results of a run.

    `before` is the same event under the same strategy without the ideas; none where it could not be worked out.
    """

    job: str
    ideas: list[str]
    event: str
    strategy: str
    year: int | None
    status: Literal["running", "successful", "failed"]
    constructed: bool | None
    cost_dkk: float | None
    figures: dict[str, float | bool | None] | None
    districts: list[dict[str, Any]]
    before: HitTold | None


class SpentTold(Told):
    """How many would pay for an idea, and how much together [DKK]."""

    people: int
    dkk: int


class BudgetTold(Told):
    """The budget of each participant [DKK] and what they would spend together by idea."""

    total: int
    spent: dict[str, SpentTold]


class StateTold(Told):
    """What everybody may see of a workshop; `chosen` is what the rule of the budget buys, the best liked first."""

    code: str
    title: str
    question: str
    city: str
    language: str
    rounds: list[Round]
    round: Round
    timer: TimerTold | None
    people: int
    rules: RulesTold
    cards: list[CardTold]
    groups: list[str]
    ideas: list[IdeaTold]
    runs: list[RunTold]
    tally: Literal["open", "hidden"]
    budget: BudgetTold | Literal["hidden"]
    dots: dict[str, int] | Literal["hidden"]
    chosen: list[str] | Literal["hidden"]
    closed: bool
    version: int


class VotedTold(Told):
    """How many have voted."""

    budget: int
    dots: int


class ParticipantTold(Told):
    """A participant, as the leader sees one."""

    id: str
    nickname: str | None
    language: str


class HiddenTold(Told):
    """A card or an idea that is taken from the screens, and whose it is."""

    id: str
    text: str
    by: str


class VeiledTold(Told):
    """All that is taken from the screens."""

    cards: list[HiddenTold]
    ideas: list[HiddenTold]


class ActionTold(Told):
    """An action: its number, when (ISO 8601, UTC), by whom, what, and whether it is undone."""

    seq: int
    at: str
    by: str
    kind: str
    undone: bool
    data: dict[str, Any]


class LeaderTold(StateTold):
    """What the leader sees: everything; `log` holds the last actions."""

    keep_until: str
    voted: VotedTold
    participants: list[ParticipantTold]
    hidden: VeiledTold
    merged: dict[str, str]
    log: list[ActionTold]


class MineTold(Told):
    """What one participant has given."""

    participant: str
    nickname: str | None
    language: str
    stars: list[str]
    support: list[str]
    goods: dict[str, list[Good]]
    budget: dict[str, int]
    dots: list[str]
    ideas: list[str]


class NamedTold(Told):
    """A round or an other good, by its names in every language."""

    id: str
    names: dict[str, str]


class TongueTold(Told):
    """A language, by its name in itself."""

    id: str
    name: str


class WordsTold(Told):
    """What a workshop is made of: its rounds, goods, languages, and how long texts may be.

    `rule` says in every language how the budget is used; `address` is the server's own as phones see it, none: as
    asked.
    """

    address: str | None
    languages: list[TongueTold]
    rounds: list[NamedTold]
    goods: list[NamedTold]
    rule: dict[str, str]
    limits: dict[str, int]


class ExportTold(Told):
    """All that is kept of a workshop but its tokens."""

    workshop: dict[str, Any]
    participants: dict[str, dict[str, Any]]
    actions: list[dict[str, Any]]
    undone: list[int]
