"""Every kind of action as data: its fields with their limits, who may do it, in which rounds."""

from __future__ import annotations

import math
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from genrejs.workshop.clean import clean
from genrejs.workshop.words import languages

Round = Literal["talk", "challenges", "ideas", "run", "added_value", "decide", "harvest"]
ROUNDS: tuple[Round, ...] = ("talk", "challenges", "ideas", "run", "added_value", "decide", "harvest")
"""In the order that a workshop usually takes; the leader may go back."""
Good = Literal["meet", "play", "nature", "health", "learning", "jobs", "safety", "beauty", "traffic", "saving"]
GOODS: tuple[Good, ...] = (
    "meet", "play", "nature", "health", "learning", "jobs", "safety", "beauty", "traffic", "saving",
)  # fmt: skip
"""Other good that an idea may do on ordinary days (merværdi); our own list."""

TEXT = 280
"""Characters of a card, an idea or a question."""
NAME = 24
"""Characters of a nickname."""
TITLE = 120
"""Characters of a title."""
GROUP = 60
"""Characters of the name of a group of cards."""
MONEY = 10**12
"""[DKK] the largest amount accepted."""
WORKS = 3
"""Works that one idea may hold."""
POINTS = 60
"""Points of a drawn line or area."""
CARDS = 200
"""Cards that are put into a group at once."""
ONCE = 64
"""Characters of a key by which a thing that is sent twice is done once."""
TALK = 120
"""[s] to talk with one's neighbour, where the leader says nothing else."""


def _whole(value: object) -> object:
    """Read 5.0 as 5, as JSON does; a text or a truth value is no number."""
    if isinstance(value, float) and math.isfinite(value) and value.is_integer():
        return int(value)
    return value


def _filled(text: str) -> str:
    cleaned = clean(text)
    if not cleaned:
        raise PydanticCustomError("text_empty", "the text is empty")
    return cleaned


def _known(language: str) -> str:
    if language not in languages():
        raise PydanticCustomError("language", "the language is not known")
    return language


def _listed(schema: dict[str, Any]) -> None:
    schema["enum"] = list(languages())


Language = Annotated[str, Field(json_schema_extra=_listed), AfterValidator(_known)]
WHOLE = BeforeValidator(_whole)
Text = Annotated[str, Field(min_length=1, max_length=TEXT), AfterValidator(_filled)]
Id = Annotated[str, Field(min_length=1, max_length=40)]
Year = Annotated[int, Field(ge=2020, le=2120), WHOLE]
Seconds = Annotated[int, Field(ge=1, le=7200, description="[s]"), WHOLE]
Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
Latitude = Annotated[float, Field(ge=-85, le=85, allow_inf_nan=False)]
Place = Annotated[tuple[Longitude, Latitude], Field(strict=False, description="longitude, latitude (WGS 84)")]
Metres = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False, description="[m]")]


def _each_once(rounds: list[Round]) -> list[Round]:
    if len(set(rounds)) < len(rounds):
        raise PydanticCustomError("rounds", "a round is there twice")
    return rounds


Rounds = Annotated[list[Round], Field(min_length=1, max_length=len(ROUNDS)), AfterValidator(_each_once)]


class Asked(BaseModel):
    """What somebody asks to be done: unknown fields are refused, a text is no number."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    WHO: ClassVar[tuple[str, ...]] = ("leader",)
    WHEN: ClassVar[tuple[Round, ...]] = ROUNDS


class Work(Asked):
    """A work drawn on the map, as in the inputs of a run."""

    kind: Literal["wall", "basin", "rain_bed"]
    line: list[Place] | None = Field(None, min_length=2, max_length=POINTS)
    area: list[Place] | None = Field(None, min_length=3, max_length=POINTS)
    height: Metres | None = None
    depth: Metres | None = None


class Deed(Asked):
    """What somebody does; `once` is a key of their own: the same key again does nothing and is answered alike."""

    once: Annotated[str, Field(min_length=1, max_length=ONCE)] | None = None


class Card(Deed):
    """A challenge, on a card."""

    kind: Literal["card"]
    text: Text
    WHO: ClassVar = ("participant", "leader")
    WHEN: ClassVar = ("challenges",)


class Star(Deed):
    """A star on a card, or taken back."""

    kind: Literal["star"]
    card: Id
    on: bool = True
    WHO: ClassVar = ("participant",)
    WHEN: ClassVar = ("challenges",)


class Idea(Deed):
    """An idea: a measure of the catalogue or words of one's own, with a place and works drawn."""

    kind: Literal["idea"]
    text: Text | None = None
    measure: Id | None = None
    place: Place | None = None
    drawn: list[Work] | None = Field(None, max_length=WORKS)
    WHO: ClassVar = ("participant", "leader")
    WHEN: ClassVar = ("ideas", "run")


class Support(Deed):
    """Support of an idea, or taken back."""

    kind: Literal["support"]
    idea: Id
    on: bool = True
    WHO: ClassVar = ("participant",)
    WHEN: ClassVar = ("ideas", "run", "added_value")


class GoodOf(Deed):
    """Which other good an idea does on ordinary days, or taken back."""

    kind: Literal["good"]
    idea: Id
    good: Good
    on: bool = True
    WHO: ClassVar = ("participant",)
    WHEN: ClassVar = ("added_value",)


class Budget(Deed):
    """How one would spend the budget; it takes the place of what one said before."""

    kind: Literal["budget"]
    spend: dict[Id, Annotated[int, Field(ge=1, le=MONEY, description="[DKK]"), WHOLE]] = Field(max_length=100)
    WHO: ClassVar = ("participant",)
    WHEN: ClassVar = ("decide",)


class Dots(Deed):
    """Where one puts one's dots, several on one idea if one likes; it takes the place of what one said before."""

    kind: Literal["dots"]
    ideas: list[Id] = Field(max_length=20)
    WHO: ClassVar = ("participant",)
    WHEN: ClassVar = ("decide",)


class SetRound(Deed):
    """Open a round, with a timer or without."""

    kind: Literal["round"]
    name: Round
    seconds: Seconds | None = None


class Timer(Deed):
    """Start the timer, or stop it."""

    kind: Literal["timer"]
    seconds: Seconds | None = None


class Group(Deed):
    """Put cards into a group or out of any, all at once."""

    kind: Literal["group"]
    cards: list[Id] = Field(min_length=1, max_length=CARDS)
    group: Annotated[str, Field(min_length=1, max_length=GROUP), AfterValidator(_filled)] | None = None


class Merge(Deed):
    """Make two ideas one: `from` becomes part of `into`."""

    kind: Literal["merge"]
    into: Id
    source: Id = Field(alias="from")


class Hide(Deed):
    """Take a card or an idea from the screens."""

    kind: Literal["hide"]
    what: Literal["card", "idea"]
    id: Id


class Show(Deed):
    """Bring a hidden card or idea back."""

    kind: Literal["show"]
    what: Literal["card", "idea"]
    id: Id


class Undo(Deed):
    """Mark an action: all is as if it had never been done."""

    kind: Literal["undo"]
    seq: Annotated[int, Field(ge=1, le=10**9), WHOLE]


class Had(Asked):
    """What each person has: the budget to spend, stars and dots."""

    budget: Annotated[int, Field(ge=1, le=MONEY, description="[DKK]"), WHOLE] | None = None
    stars: Annotated[int, Field(ge=0, le=20), WHOLE] | None = None
    dots: Annotated[int, Field(ge=0, le=20), WHOLE] | None = None


class Rules(Had, Deed):
    """What each person has: the budget to spend, stars and dots."""

    kind: Literal["rules"]


class Plan(Deed):
    """Which rounds there are, in their order; each once."""

    kind: Literal["plan"]
    rounds: Rounds


class Cost(Deed):
    """What an idea in words of one's own costs, by the leader's estimate."""

    kind: Literal["cost"]
    idea: Id
    dkk: Annotated[int, Field(ge=1, le=MONEY, description="[DKK]"), WHOLE]


class Tally(Deed):
    """Show the votes to everybody, or hide them."""

    kind: Literal["tally"]
    open: bool


class Simulate(Deed):
    """Let the model work out what some ideas do together when an event comes."""

    kind: Literal["simulate"]
    ideas: list[Id] = Field(min_length=1, max_length=20)
    event: Id | None = Field(None, description="name of an event; none: the storm surge of 1872")
    strategy: Id | None = Field(None, description="what else stands; none: the city of today")
    year: Year | None = Field(None, description="of the climate; none: as in 2020")


class Close(Deed):
    """End the workshop: nothing is added any more."""

    kind: Literal["close"]


class Frame(Asked):
    """A workshop to be set up."""

    title: Annotated[str, Field(min_length=1, max_length=TITLE), AfterValidator(_filled)]
    question: Annotated[str, Field(max_length=TEXT), AfterValidator(clean)] = ""
    city: Annotated[str, Field(max_length=60)] = "vejle"
    language: Language = "da"
    keep_days: Annotated[int, Field(ge=1, le=365, description="after which all of it is deleted [day]"), WHOLE] = 30
    rules: Had | None = None
    rounds: Rounds | None = Field(None, description="which rounds, in their order; none: all in the usual one")


class Join(Asked):
    """Somebody who comes in: a nickname for who likes, no name is asked."""

    nickname: Annotated[str, Field(max_length=NAME), AfterValidator(clean)] | None = None
    language: Language | None = None


class Sketch(Asked):
    """Works drawn on the map, to be priced."""

    drawn: list[Work] = Field(min_length=1, max_length=WORKS)


Given = (
    Card | Star | Idea | Support | GoodOf | Budget | Dots | SetRound | Timer | Group | Merge | Hide | Show | Undo
    | Rules | Plan | Cost | Tally | Simulate | Close
)  # fmt: skip
AnyAction = Annotated[Given, Field(discriminator="kind")]
