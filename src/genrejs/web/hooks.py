"""What the server does for its workshops: starts their runs, waits for them, prices what is drawn."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from genrejs.web.desk import Hooks
from genrejs.web.parts import Parts
from genrejs.web.problems import Problem
from genrejs.workshop.refused import Refused


def hooks_of(parts: Parts) -> Hooks:
    """Return the hooks of a server with these parts."""

    async def start_run(inputs: Mapping[str, Any], user: str) -> str:
        try:
            question = await asyncio.to_thread((await parts.city()).question, "what-if", inputs)
            card = await asyncio.to_thread(parts.cards.find, question.key)
            return parts.jobs.submit(question, user, card).id
        except Problem as problem:
            full = problem.status == HTTPStatus.TOO_MANY_REQUESTS
            raise (Refused("much", "runs_full") if full else Refused("away", "no_runs")) from problem

    async def wait_run(id: str) -> Mapping[str, Any] | None:
        job = parts.jobs.find(id)
        if job is None:
            return None
        await parts.jobs.wait(job)
        if job.status != "successful" or job.run.card is None:
            return None
        text = await asyncio.to_thread(parts.cards.result(job.run.card).read_bytes)
        answer: dict[str, Any] = json.loads(text)
        return answer

    def price(drawn: Sequence[Mapping[str, Any]]) -> float:
        shown = parts.ready
        if shown is None:
            raise Refused("away", "no_runs")
        return shown.price(drawn)

    return Hooks(start_run, wait_run, price)
