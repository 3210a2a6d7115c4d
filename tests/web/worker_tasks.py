"""Tasks for real worker processes in tests: quick, and told by the question's inputs what to do."""

import os
import time

from genrejs.errors import InputError
from genrejs.web.cards import Card


def open_echo():
    return echo


def open_never():
    raise RuntimeError("no city here")


def echo(question, threads, tell):
    wish = question.inputs.get("do", "answer")
    tell.progress(0.5, f"{threads} threads")
    tell.picture(60.0, b"png")
    if wish == "crash":
        os._exit(3)
    if wish == "refuse":
        raise InputError("That does not fit the city.")
    if wish == "break":
        raise ZeroDivisionError
    while wish == "wait":
        time.sleep(0.01)
        tell.progress(0.5)
    while wish == "hang":
        time.sleep(0.01)
    return Card("what-if", question.key, "2026-01-01T00:00:00+00:00")
