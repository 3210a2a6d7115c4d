"""Runs in the shape of OGC API Processes (part 1): processes, execution, jobs, results; and their events and frames."""

from __future__ import annotations

import asyncio
import json
from typing import Annotated, Any

from fastapi import APIRouter, Body, Path, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import AfterValidator, BaseModel, Field
from pydantic_core import PydanticCustomError

from genrejs.web.events import follow
from genrejs.web.maps import PNG
from genrejs.web.parts import City, Ours, Parts, User
from genrejs.web.problems import RESPONSES, Problem
from genrejs.web.runs import Job, Status

CONFORMS = tuple(
    f"http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/{name}"
    for name in ("core", "ogc-process-description", "json", "job-list", "dismiss")
)
JobId = Annotated[str, Path(pattern=r"^[0-9a-f]{8,64}(-[0-9a-f]{8})?$", max_length=80)]
ProcessId = Annotated[str, Path(max_length=60, json_schema_extra={"enum": ["what-if", "study"]})]
STREAM = {200: {"description": "Events", "content": {"text/event-stream": {}}}, **RESPONSES}
PICTURE = {200: {"description": "A picture", "content": {PNG: {}}}, **RESPONSES}

router = APIRouter(responses=RESPONSES)


class StatusInfo(BaseModel):
    """Where a job stands, as OGC API Processes has it; `position` is the number of runs that begin before it."""

    jobID: str
    processID: str
    type: str
    status: Status
    progress: int
    message: str
    message_da: str | None = None
    message_en: str | None = None
    created: str
    started: str | None = None
    finished: str | None = None
    position: int | None = None
    links: list[dict[str, str]]


def _sound(inputs: dict[str, Any]) -> dict[str, Any]:
    """Return inputs that can be written as JSON: Python's reader takes NaN and halves of characters, JSON has none."""
    try:
        json.dumps(inputs, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError) as error:
        raise PydanticCustomError("inputs", "the inputs are no JSON") from error
    return inputs


class Execute(BaseModel):
    """A wish for a run; what `inputs` may hold, `GET /processes/{process}` says."""

    inputs: Annotated[dict[str, Any], AfterValidator(_sound)] = Field(
        examples=[{"event": {"kind": "surge", "peak": 2.0}}]
    )


@router.get("/conformance")
async def conformance() -> dict[str, list[str]]:
    """Return the conformance classes that are met."""
    return {"conformsTo": list(CONFORMS)}


@router.get("/processes")
async def processes(_: City) -> dict[str, Any]:
    """Return the processes that can be run."""
    from genrejs.web.questions import PROCESSES, brief  # noqa: PLC0415  # slow: loaded with the city

    return {"processes": [brief(name) for name in PROCESSES], "links": [_self("/processes")]}


@router.get("/processes/{process}")
async def process(process: ProcessId, _: City) -> dict[str, Any]:
    """Return what a process takes and gives."""
    from genrejs.web.questions import described  # noqa: PLC0415  # slow: loaded with the city

    _known(process)
    return described(process)


@router.post("/processes/{process}/execution", status_code=201, response_model=StatusInfo)
async def execution(
    process: ProcessId, wish: Annotated[Execute, Body()], shown: City, ours: Ours, user: User
) -> Response:
    """Ask for a run; the same question as a run that is there, or a result that is kept, is not computed again."""
    _known(process)
    question = await asyncio.to_thread(shown.question, process, wish.inputs)
    card = await asyncio.to_thread(ours.cards.find, question.key)
    job = ours.jobs.submit(question, user, card)
    return JSONResponse(_info(ours, job), 201, {"Location": f"/jobs/{job.id}"})


@router.get("/jobs")
async def jobs(ours: Ours, user: User) -> dict[str, Any]:
    """Return the asker's own jobs, the newest first."""
    return {"jobs": [_info(ours, job) for job in ours.jobs.of(user)], "links": [_self("/jobs")]}


@router.get("/jobs/{id}", response_model=StatusInfo)
async def status(id: JobId, ours: Ours) -> Response:
    """Return where a job stands."""
    return JSONResponse(_info(ours, await _job(ours, id)))


@router.delete("/jobs/{id}", response_model=StatusInfo)
async def dismiss(id: JobId, ours: Ours) -> Response:
    """Stop a job; a run that others wait for goes on for them."""
    job = await _job(ours, id)
    ours.jobs.dismiss(job)
    return JSONResponse(_info(ours, job))


@router.get("/jobs/{id}/results")
async def results(id: JobId, ours: Ours) -> Response:
    """Return the result of a job that went well."""
    job = await _job(ours, id)
    if job.status == "failed":
        raise Problem(400, job.run.message)
    if job.status != "successful" or job.run.card is None:
        raise Problem(404, f"The job is {job.status}: there is no result.", "result-not-ready")
    try:
        text = await asyncio.to_thread(ours.cards.result(job.run.card).read_bytes)
    except OSError:
        raise Problem(404, "The result is no longer kept; ask again.", "result-not-ready") from None
    return Response(text, media_type="application/json")


@router.get("/jobs/{id}/events", responses=STREAM, response_class=StreamingResponse)
async def events(id: JobId, ours: Ours) -> StreamingResponse:
    """Follow a job: `status`, `frame` and at last `done`, all that was so far first."""
    job = await _job(ours, id)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(follow(ours.jobs, job, ours.closing), media_type="text/event-stream", headers=headers)


@router.get("/jobs/{id}/frames/{number}.png", responses=PICTURE, response_class=Response)
async def picture(id: JobId, number: Annotated[int, Path(ge=0, le=9999)], ours: Ours) -> Response:
    """Return the depth at one moment: grey, whole centimetres, 255 for 2.55 m or more."""
    run = (await _job(ours, id)).run
    png = run.pictures[number][1] if number < len(run.pictures) else None
    if png is None and run.film is not None:
        png = await asyncio.to_thread(ours.films.picture, run.film, number)
    return _picture(png)


@router.get("/jobs/{id}/depth.png", responses=PICTURE, response_class=Response)
async def depth(id: JobId, ours: Ours) -> Response:
    """Return the greatest depth of a run's water: grey, whole centimetres, 255 for 2.55 m or more."""
    run = (await _job(ours, id)).run
    return _picture(await asyncio.to_thread(ours.films.picture, run.film, None) if run.film else None)


@router.get("/jobs/{id}/report.html", response_class=Response)
async def report(request: Request, id: JobId, ours: Ours) -> Response:
    """Return the report of a study, as a file to keep: it opens without this server."""
    job = await _job(ours, id)
    card = job.run.card
    if job.status != "successful" or card is None or card.process != "study":
        raise Problem(404, "Only a study that went well has a report.", "result-not-ready")
    page = await asyncio.to_thread((ours.cards.study(card.key) / "report.html").read_bytes)
    told = {"Content-Disposition": 'attachment; filename="report.html"'}
    return Response(page, media_type="text/html; charset=utf-8", headers=told)


def _picture(png: bytes | None) -> Response:
    if png is None:
        raise Problem(404, "There is no such picture: the run is dry, not that far, or its film is no longer kept.")
    return Response(png, media_type=PNG, headers={"Cache-Control": "private, max-age=86400, immutable"})


async def _job(ours: Parts, id: str) -> Job:
    """Return a job that is remembered, or that of a kept result by the key that its id begins with.

    Raises
    ------
    Problem
        There is none of that id (404).
    """
    job = ours.jobs.find(id)
    if job is not None:
        return job
    card = await asyncio.to_thread(ours.cards.find, id.split("-", maxsplit=1)[0])
    if card is None:
        raise Problem(404, f"There is no job '{id}'.", "no-such-job")
    return ours.jobs.recall(card)


def _info(ours: Parts, job: Job) -> dict[str, Any]:
    return job.info(ours.jobs.position(job))


def _known(process: str) -> None:
    from genrejs.web.questions import PROCESSES  # noqa: PLC0415  # slow: loaded with the city

    if process not in PROCESSES:
        there = ", ".join(PROCESSES)
        raise Problem(404, f"There is no process '{process}'; there are {there}.", "no-such-process")


def _self(address: str) -> dict[str, str]:
    return {"href": address, "rel": "self", "type": "application/json"}
