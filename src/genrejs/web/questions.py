"""The two processes that can be run: what they take, in the shape of OGC API Processes, and how inputs are read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from genrejs.ensemble.ask import Ask, ask_schema, read_ask
from genrejs.ensemble.whatif import ask_key
from genrejs.errors import InputError
from genrejs.provenance import code_hash, package_version, text_hash
from genrejs.study import Study, check_study

FINEST = {"cell": 5.0, "risk_cell": 10.0}
"""[m] the finest grids of a study from the net (assumption: what a small machine can do)."""
MOST_DRAWS, MOST_STEPS = 100, 20


@dataclass(frozen=True)
class Question:
    """A run that somebody wants: its process, its key (the same question has the same), and its inputs, checked.

    `film` says whether pictures are wanted while the water runs.
    """

    process: str
    key: str
    inputs: Mapping[str, Any]
    film: bool = True


def read_question(process: str, inputs: Mapping[str, Any], study: Study) -> Question:
    """Return the question that inputs state.

    Raises
    ------
    InputError
        The process is not known, or its inputs are wrong; the sentence says what is accepted.
    """
    if process not in PROCESSES:
        raise InputError(f"There is no process '{process}'; there are {', '.join(PROCESSES)}.")
    return PROCESSES[process].read(inputs, study)


def _what_if(inputs: Mapping[str, Any], study: Study) -> Question:
    given = dict(inputs)
    film = given.pop("frames", True)
    if not isinstance(film, bool):
        raise InputError("What if: frames: it must be true or false.")
    ask = read_ask(given)
    return Question("what-if", ask_key(ask, study), ask.model_dump(mode="json", exclude_none=True), film)


def _study(inputs: Mapping[str, Any], study: Study) -> Question:
    asked = check_study(dict(inputs), "the study")
    _fits(asked, study)
    return Question("study", text_hash(code_hash(), asked.model_dump_json()), asked.model_dump(mode="json"), False)


def _fits(asked: Study, study: Study) -> None:
    """Raise InputError for a study that is too large for a server that others use too."""
    if asked.city != study.city:
        raise InputError(f"This server runs the city '{study.city}'; the study asks for '{asked.city}'.")
    for name, finest in FINEST.items():
        if getattr(asked.flood, name) < finest:
            raise InputError(f"The study: flood.{name} must be {finest:g} m or more on this server.")
    if max(asked.damage.samples, asked.recovery.samples) > MOST_DRAWS:
        raise InputError(f"The study: samples may be {MOST_DRAWS} at most on this server.")
    ladders = [each for each in dict(asked.risk).values() if isinstance(each, tuple)]
    if max(map(len, [*ladders, asked.events, asked.strategies])) > MOST_STEPS:
        raise InputError(f"The study: a list may hold {MOST_STEPS} values at most on this server.")


@dataclass(frozen=True)
class Process:
    """A process: words, the JSON Schema of its inputs, and what reads them."""

    title: str
    description: str
    schema: Callable[[], dict[str, Any]]
    read: Callable[[Mapping[str, Any], Study], Question]


def _ask_schema() -> dict[str, Any]:
    schema = ask_schema()
    schema["properties"]["frames"] = {
        "type": "boolean", "default": True, "title": "Frames", "description": "pictures while the water runs",
    }  # fmt: skip
    return schema


PROCESSES: Mapping[str, Process] = MappingProxyType(
    {
        "what-if": Process(
            "What if",
            "One event meets the city under a strategy, with measures more or less and works drawn on the map.",
            _ask_schema,
            _what_if,
        ),
        "study": Process(
            "Study",
            "Several events and an event set meet several strategies; the result is the summary of a study.",
            Study.model_json_schema,
            _study,
        ),
    }
)


def brief(process: str) -> dict[str, Any]:
    """Return the summary of a process."""
    told = PROCESSES[process]
    return {
        "id": process,
        "title": told.title,
        "description": told.description,
        "version": package_version(),
        "jobControlOptions": ["async-execute", "dismiss"],
        "outputTransmission": ["value"],
        "links": [_link(f"/processes/{process}", "self"), _link(f"/processes/{process}/execution", "execute")],
    }


def described(process: str) -> dict[str, Any]:
    """Return the description of a process with the schemas of its inputs and outputs."""
    schema = PROCESSES[process].schema()
    shared, needed = schema.get("$defs", {}), set(schema.get("required", ()))
    inputs = {
        name: {
            "title": own.get("title", name),
            "description": own.get("description", ""),
            "minOccurs": 1 if name in needed else 0,
            "maxOccurs": 1,
            "schema": {**own, "$defs": shared} if shared else own,
        }
        for name, own in schema["properties"].items()
    }
    output = {"title": "Result", "schema": {"type": "object", "contentMediaType": "application/json"}}
    return {**brief(process), "inputs": inputs, "outputs": {"result": output}}


def _link(address: str, relation: str) -> dict[str, str]:
    rel = "http://www.opengis.net/def/rel/ogc/1.0/execute" if relation == "execute" else relation
    return {"href": address, "rel": rel, "type": "application/json"}


def ask_of(question: Question) -> Ask:
    """Return the ask that a what-if's inputs state."""
    return read_ask(question.inputs)
