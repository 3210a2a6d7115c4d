"""The command line: reads words, calls rooms, prints what they say; it holds no knowledge of its own."""

from __future__ import annotations

import argparse
import json
import sys
import traceback
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from genrejs.bar import Bar
from genrejs.doors import add, cache_folder, cluster
from genrejs.errors import GenrejsError


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; return 0 when done, 1 when the input is wrong, 2 for a fault of ours, 130 when interrupted."""
    options = parser().parse_args(words)
    bar = Bar()
    try:
        options.action(options, bar)
    except GenrejsError as error:
        bar.close()
        print(f"genrejs: {error}", file=sys.stderr)
        return error.exit_code
    except OSError as error:
        bar.close()
        where = f"{error.filename}: " if error.filename else ""
        print(f"genrejs: {where}{error.strerror or error}; nothing half-written is left.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        bar.close()
        print("genrejs: interrupted; nothing half-written is left.", file=sys.stderr)
        return 130
    except Exception:  # noqa: BLE001  # whatever it is, it is a fault of ours and the exit code says so
        bar.close()
        traceback.print_exc()
        print("genrejs: this is a fault of ours; please report it with the lines above.", file=sys.stderr)
        return 2
    return 0


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors leave with exit code 1, since the input is wrong."""

    def error(self, message: str) -> Any:
        """Print one sentence and leave."""
        print(f"genrejs: {message}; see '{self.prog} --help'.", file=sys.stderr)
        raise SystemExit(1)


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    top = Parser(prog="genrejs", description="How a city withstands a shock, bounces back and emerges stronger.")
    top.add_argument("--version", action="version", version=_version())
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _demo(commands)
    _run(commands)
    _report(commands)
    _flood(commands)
    _damage(commands)
    _recover(commands)
    _screen(commands)
    _city(commands)
    _study(commands)
    _whatif(commands)
    _serve(commands)
    add(partial(_command, commands))
    return top


def _version() -> str:
    from genrejs.provenance import package_version as version

    return f"genrejs {version()}"


def _command(commands: Any, name: str, text: str, action: Callable[[argparse.Namespace, Bar], None]) -> Any:
    command = commands.add_parser(name, help=text, description=text)
    command.set_defaults(action=action)
    return command


def _demo(commands: Any) -> None:
    command = _command(commands, "demo", "the embedded city, its default study, the report", _do_demo)
    command.add_argument("--out", type=Path, default=Path("build/demo"), metavar="DIR")


def _run(commands: Any) -> None:
    command = _command(commands, "run", "run a study; what is already computed is kept", _do_run)
    command.add_argument("study", type=Path, metavar="STUDY.toml")
    command.add_argument("--out", type=Path, metavar="DIR", help="default: build/<name of the study file>")
    command.add_argument("--scheduler", metavar="ADDR", help="address of a Dask scheduler")
    command.add_argument("--json", action="store_true", help="print summary.json instead of five lines")


def _report(commands: Any) -> None:
    command = _command(commands, "report", "the report of a finished run, from its store", _do_report)
    command.add_argument("folder", type=Path, metavar="DIR")
    command.add_argument("--language", choices=("da", "en"), default="da", help="the language the report opens in")


def _flood(commands: Any) -> None:
    command = _command(commands, "flood", "the flood solver alone, on any GeoTIFF", _do_flood)
    command.add_argument("terrain", type=Path, metavar="TERRAIN.tif")
    command.add_argument("--out", type=Path, required=True, metavar="DIR")
    command.add_argument("--rain", metavar="60mm/1h|FILE.csv", help="even rain, or time_s,intensity_mm_h")
    command.add_argument("--level", metavar="2.0|FILE.csv", help="level at the open edges [m], or time_s,level_m")
    command.add_argument("--open-edges", metavar="n,e,s,w", help="edges that hold the level")
    command.add_argument("--outfall", metavar="e:0.002", help="edges where water leaves at normal depth, and the slope")
    command.add_argument("--inflow", type=Path, metavar="FILE.csv", help="name,x,y,time_s,discharge_m3_s")
    command.add_argument("--initial-level", metavar="L", help="level that the water starts at [m]")
    command.add_argument("--manning", default="0.035", metavar="0.035|FILE.tif")
    command.add_argument("--walls", type=Path, metavar="FILE", help="lines with a crest [m] or a height [m]")
    command.add_argument("--infiltration", metavar="20|FILE.tif", help="into the ground [mm/h]")
    command.add_argument("--drains", metavar="15|FILE.tif", help="into the drains [mm/h]")
    command.add_argument("--soil", metavar="FILE.tif", help="soil classes on the terrain's cells")
    command.add_argument("--soil-table", metavar="FILE.csv", help="class and one kind of soil: mm/h, mm, 1/h")
    built = "gates, pumps, weirs, culverts, bridges, drains, rating curves [m, s, m3/s]"
    command.add_argument("--structures", type=Path, metavar="FILE.toml", help=built)
    command.add_argument("--buildings", type=Path, metavar="FILE")
    command.add_argument("--buildings-as", choices=("block", "hole", "porosity"), default="block")
    command.add_argument("--gauges", type=Path, metavar="FILE.csv", help="name,x,y")
    command.add_argument("--duration", default="1h", metavar="12h")
    command.add_argument("--every", metavar="10min", help="also keep depths at this step in slices.zarr")
    command.add_argument("--thresholds", metavar="0.1,0.5", help="also maps of the time above these depths [m]")
    command.add_argument("--danger", action="store_true", help="also maps of depth x speed and hazard class")
    command.add_argument("--recession", action="store_true", help="also a map of the last moment with water")
    command.add_argument("--scheme", default="auto", metavar="NAME", help="auto (what suits), inertial, shallow-water")
    command.add_argument("--order", choices=("1", "2"), default="2", help="of the shallow-water scheme")
    command.add_argument("--precision", choices=("32", "64"), default="32")
    command.add_argument("--engine", choices=("cpu", "cuda", "auto"), default="auto")
    kept = "keep where the run stands; if it is there, go on from it"
    command.add_argument("--checkpoint", type=Path, metavar="FILE.npz", help=kept)
    command.add_argument("--json", action="store_true", help="print summary.json")


def _damage(commands: Any) -> None:
    text = "the damage model alone, on anyone's flood map and buildings"
    command = _command(commands, "damage", text, _do_damage)
    command.add_argument(
        "--depth", action="append", required=True, metavar="[T=]D.tif", help="depths [m]; T years, may repeat"
    )
    command.add_argument("--buildings", type=Path, required=True, metavar="B.gpkg", help="polygons or points")
    command.add_argument(
        "--model",
        default="dk/storm-surge",
        metavar="NAME",
        help="dk/storm-surge, dk/cloudburst, dk/stream, jrc, curve/ID, or a CSV of curves: id, depth_m, share",
    )
    command.add_argument(
        "--out", type=Path, required=True, metavar="X.csv|DIR", help="table; GeoPackage, sums and summary lie beside it"
    )
    command.add_argument(
        "--columns", default="", metavar="bbr_code=COL,...", help="which of the layer's columns is which"
    )
    command.add_argument("--take", choices=("max", "mean", "point"), default="max", help="the depth on a building")
    command.add_argument(
        "--depth-unit", choices=("auto", "m", "cm", "mm"), default="auto", help="auto: metres, never whole numbers"
    )
    command.add_argument("--value-per-m2", type=float, metavar="DKK", help="value at stake, for curves")
    command.add_argument("--municipality", metavar="NAME", help="whose price of homes is used; default Vejle")
    command.add_argument("--amounts", type=Path, metavar="FILE.csv", help="own amounts in the Danish form, by category")
    command.add_argument("--districts", type=Path, metavar="FILE", help="polygons with names, to sum by")
    command.add_argument(
        "--layer", action="append", default=[], metavar="KIND=FILE", help="roads, crops, recreation or infrastructure"
    )
    command.add_argument("--hazard", choices=("surge", "cloudburst", "stream"), help="for jrc and curves: who pays")
    command.add_argument(
        "--set", action="append", default=[], metavar="NAME=NUMBER", help="any constant, docs/damage.md"
    )
    command.add_argument("--report", choices=("da", "en"), help="also a page with pictures, opening in that language")
    command.add_argument("--json", action="store_true", help="print the summary")
    _damage_risk(command)


def _damage_risk(command: Any) -> None:
    """Add what turns amounts into risk: what is uncertain, a measure, the ends of the curve."""
    command.add_argument("--samples", type=int, default=0, metavar="N", help="draws of what is uncertain")
    command.add_argument("--sensitivity", choices=("sobol", "morris"), help="which uncertain factor matters most")
    command.add_argument("--seed", type=int, default=1, help="of the draws")
    command.add_argument(
        "--after", action="append", default=[], metavar="[T=]D.tif", help="depths after a measure, to compare"
    )
    command.add_argument("--cost", type=float, metavar="DKK", help="of the measure; then its worth is reckoned")
    command.add_argument("--upkeep", type=float, metavar="DKK", help="of the measure, a year; default 0")
    command.add_argument("--lifetime", type=int, metavar="YEARS", help="of the measure; default 50")
    command.add_argument("--years", type=int, metavar="YEARS", help="that are reckoned with; default 50")
    command.add_argument("--tail", choices=("closed", "cut", "log"), default="closed", help="beyond the rarest map")
    command.add_argument("--harmless", type=float, metavar="T", help="years, more often than which nothing happens")


def _recover(commands: Any) -> None:
    text = "the recovery engine alone: supply, demand, crews, until a system is back"
    command = _command(commands, "recover", text, _do_recover)
    command.add_argument("system", type=Path, metavar="SYSTEM.json|.toml", help="main file of an iRe-CoDeS system")
    command.add_argument("--out", type=Path, metavar="DIR", help="where to write curves, components and summary")
    command.add_argument("--runs", type=int, default=1, metavar="N", help="with drawn durations; figures are means")
    command.add_argument("--seed", type=int, default=0, help="of the draws")
    command.add_argument("--workers", type=int, metavar="N", help="default: every core; the result is the same")
    command.add_argument("--steps", type=int, metavar="N", help="stop after so many; default as the file says")
    command.add_argument("--json", action="store_true", help="print the summary")


def _screen(commands: Any) -> None:
    text = "hollows that hold water, where rain comes to rest, what the sea reaches: no simulation, seconds"
    command = _command(commands, "screen", text, _do_screen)
    help_terrain = "a GeoTIFF in metres, or an embedded city (vejle: constructed ground)"
    command.add_argument("terrain", metavar="TERRAIN.tif|CITY", help=help_terrain)
    command.add_argument("--out", type=Path, required=True, metavar="DIR")
    command.add_argument("--sea-level", metavar="1.5,2.0", help="levels of the sea [m], one map each")
    command.add_argument("--sea", type=Path, metavar="FILE.gpkg", help="polygons of the sea")
    command.add_argument("--open-edges", metavar="n,e,s,w", help="edges of the map where the sea is")
    command.add_argument("--rain", metavar="60mm", help="depth of rain that fills hollows and spills on")
    command.add_argument("--runoff", default="1.0", metavar="1.0", help="share of the rain that runs off, 0..1")
    command.add_argument("--min-depth", default="5cm", metavar="5cm", help="least depth of a bluespot shown")
    command.add_argument("--min-area", default="25m2", metavar="25m2", help="least area of a bluespot shown")
    command.add_argument("--json", action="store_true", help="print summary.json")


def _city(commands: Any) -> None:
    command = _command(commands, "city", "make, verify and look at a city", _do_city)
    command.add_argument("what", choices=("build", "check", "show", "import"))
    command.add_argument("name", nargs="?", default="vejle", help="an embedded city, or a name for an imported one")
    command.add_argument("--terrain", type=Path, metavar="TERRAIN.tif", help="own terrain, for import")
    command.add_argument("--buildings", type=Path, metavar="B.gpkg", help="own buildings with BBR codes, for import")
    command.add_argument("--cell", type=float, default=10.0, help="cell size [m]")
    command.add_argument("--seed", type=int, default=1)
    command.add_argument("--out", type=Path, metavar="DIR", help="where to write GeoTIFF, GeoPackage, CSV")


def _study(commands: Any) -> None:
    command = _command(commands, "study", "what is wrong with a study, in words, with the place", _do_study)
    command.add_argument("what", choices=("check",))
    command.add_argument("study", type=Path, metavar="STUDY.toml")


def _do_demo(options: argparse.Namespace, bar: Bar) -> None:
    from genrejs.report.produce import produce
    from genrejs.study import Study

    _print_lines(produce(Study(), options.out, progress=bar, cache=cache_folder(), cluster=cluster(None)), bar)


def _do_run(options: argparse.Namespace, bar: Bar) -> None:
    from genrejs.report.produce import produce
    from genrejs.study import read_study

    study = read_study(options.study)
    out = options.out or Path("build") / options.study.stem
    done = produce(study, out, progress=bar, cache=cache_folder(), cluster=cluster(options.scheduler))
    if options.json:
        bar.close()
        print(json.dumps(done.summary, ensure_ascii=False))
    else:
        _print_lines(done, bar)


def _do_report(options: argparse.Namespace, bar: Bar) -> None:
    from genrejs.report.produce import reproduce

    _print_lines(reproduce(options.folder, progress=bar, cache=cache_folder(), language=options.language), bar)


def _print_lines(done: Any, bar: Bar) -> None:
    bar(1.0, "done")
    bar.close()
    for line in done.lines:
        print(line)


def _do_flood(options: argparse.Namespace, bar: Bar) -> None:
    from genrejs import flood

    names = (
        "rain", "level", "open_edges", "outfall", "initial_level", "manning", "buildings", "buildings_as", "gauges",
        "duration", "every", "scheme", "order", "precision", "engine", "walls", "infiltration", "drains", "soil",
        "soil_table", "structures", "thresholds", "danger", "recession", "checkpoint",
    )  # fmt: skip
    given: Any = {name: getattr(options, name) for name in names}
    footprint = flood.simulate(
        options.terrain, inflows=options.inflow, progress=lambda share: bar(share, "water"), **given
    )
    footprint.save(options.out)
    bar.close()
    if options.json:
        print(json.dumps(footprint.summary))
    else:
        for line in footprint.lines():
            print(line if line.startswith(" ") else f"{options.out}: {line}")


def _do_damage(options: argparse.Namespace, bar: Bar) -> None:
    from genrejs.damage.door import run_damage

    result = run_damage(options, bar)
    if options.report:
        from genrejs.damage.result import places
        from genrejs.report.damage_page import write_damage_page

        bar(0.9, "page")
        base = places(options.out)["table"]
        write_damage_page(result, base.with_name(base.stem + "_report.html"), options.report)
    bar.close()
    if options.json:
        print(json.dumps(result.summary, ensure_ascii=False))
    else:
        for line in result.lines():
            print(line if line.startswith(" ") else f"{options.out}: {line}")


def _do_recover(options: argparse.Namespace, bar: Bar) -> None:
    from genrejs.recovery.door import run_recover

    result = run_recover(options, bar)
    bar.close()
    if options.json:
        print(json.dumps(result.summary, ensure_ascii=False))
    else:
        for line in result.lines():
            print(line)


def _do_screen(options: argparse.Namespace, bar: Bar) -> None:
    from genrejs.hazard.screening.files import ScreenRequest, screen_files

    names = ("sea_level", "sea", "open_edges", "rain", "runoff", "min_depth", "min_area")
    request = ScreenRequest(**{name: getattr(options, name) for name in names})
    summary = screen_files(options.terrain, options.out, request, cache_folder())
    if options.json:
        print(json.dumps(summary, ensure_ascii=False))
    else:
        held = f"{summary['bluespots']} bluespots hold {summary['bluespot_volume_m3']:.0f} m3"
        print(f"{options.out}: {held} ({summary['ground']})")


def _do_city(options: argparse.Namespace, bar: Bar) -> None:
    from genrejs.city.desk import city_lines

    for line in city_lines(options.what, options, cache_folder()):
        print(line)


def _do_study(options: argparse.Namespace, bar: Bar) -> None:
    from genrejs.study import read_study

    study = read_study(options.study)
    print(f"{options.study}: in order; {len(study.events)} events, {len(study.strategies)} strategies.")


def _whatif(commands: Any) -> None:
    command = _command(commands, "whatif", "one question to the embedded city, in JSON, and its answer", _do_whatif)
    command.add_argument("ask", type=Path, metavar="ASK.json", help="event, strategy, measures, drawn works, year")
    command.add_argument("--out", type=Path, default=Path("build/whatif"), metavar="DIR", help="answer.json and store")
    command.add_argument("--json", action="store_true", help="print the figures")


def _do_whatif(options: argparse.Namespace, bar: Bar) -> None:
    from genrejs.ensemble.whatif import answer_file, plain

    answer = answer_file(options.ask, options.out, progress=bar, cache=cache_folder())
    bar.close()
    print(json.dumps(plain(answer)["figures"] if options.json else plain(answer), ensure_ascii=False, indent=1))


def _serve(commands: Any) -> None:
    command = _command(commands, "serve", "the model of the city and the workshop, in a browser", _do_serve)
    command.add_argument("city", nargs="?", default="vejle", metavar="CITY", help="an embedded city")
    command.add_argument("--port", type=int, default=8000, metavar="N")
    command.add_argument("--host", default="127.0.0.1", metavar="H", help="0.0.0.0 lets phones on the network in")
    command.add_argument("--address", metavar="URL", help="how phones reach it, such as http://192.168.1.5:8000")
    command.add_argument("--data", type=Path, metavar="DIR", help="where runs and workshops are kept")
    command.add_argument("--database", metavar="URL", help="postgresql://... for the workshops; default: a file in DIR")


def _do_serve(options: argparse.Namespace, _: Bar) -> None:
    from genrejs.web.serve import Where, serve

    data = options.data or cache_folder() / "serve"
    serve(options.city, Where(options.host, options.port, data, options.database, options.address), cache_folder())


if __name__ == "__main__":
    raise SystemExit(main())
