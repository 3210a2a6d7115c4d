"""Write docs/reference.md from the parser, the study's settings, the variables and the named events."""

from __future__ import annotations

import argparse
from pathlib import Path

from genrejs.cli import parser
from genrejs.hazard.catalogue import named_events
from genrejs.study import settings_table
from genrejs.variables import catalogue

PLACE = Path(__file__).with_name("reference.md")


def commands() -> list[str]:
    """Return the section on commands."""
    lines = ["## Commands", ""]
    actions = [a for a in parser()._actions if isinstance(a, argparse._SubParsersAction)]
    for name, command in actions[0].choices.items():
        lines += [f"### genrejs {name}", "", f"{command.description[0].upper()}{command.description[1:]}.", ""]
        lines += ["| option | default | meaning |", "|---|---|---|"]
        for option in command._actions:
            if option.dest == "help":
                continue
            words = ", ".join(option.option_strings) or str(option.metavar or option.dest)
            words += f" {option.metavar}" if option.option_strings and option.metavar else ""
            choices = " (" + ", ".join(option.choices) + ")" if option.choices else ""
            default = "" if option.default in (None, argparse.SUPPRESS, False) else f"`{option.default}`"
            lines.append(f"| `{words.replace('|', chr(92) + '|')}` | {default} | {option.help or ''}{choices} |")
        lines.append("")
    return lines


def settings() -> list[str]:
    """Return the section on study settings."""
    lines = ["## Study settings", "", "| key | default | meaning |", "|---|---|---|"]
    lines += [f"| `{key}` | `{default}` | {text} |" for key, default, text in settings_table()]
    return [*lines, ""]


def variables() -> list[str]:
    """Return the section on variables."""
    lines = ["## Variables", "", "| name | unit | dimensions | place | meaning | source |", "|---|---|---|---|---|---|"]
    for v in catalogue().values():
        dims = ", ".join(v.dims) or "–"
        lines.append(f"| `{v.name}` | {v.unit} | {dims} | {v.place} | {v.sentence_en} | {v.source} |")
    return [*lines, ""]


def events() -> list[str]:
    """Return the section on named events."""
    lines = ["## Named events", "", "| name | kind | title | source |", "|---|---|---|---|"]
    lines += [f"| `{n}` | {e['kind']} | {e['title_en']} | {e['source']} |" for n, e in named_events().items()]
    return [*lines, ""]


def text() -> str:
    """Return the whole page."""
    head = ["# Reference", "", "Written by `python docs/build_reference.py`; a test keeps it true.", ""]
    return "\n".join([*head, *commands(), *settings(), *variables(), *events()]).rstrip() + "\n"


if __name__ == "__main__":
    PLACE.write_text(text(), encoding="utf-8")
