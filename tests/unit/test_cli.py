"""The command line: exit codes, one sentence, quick help."""

import subprocess
import sys

import pytest

from genrejs.cli import main


def test_help_names_every_command(capsys) -> None:
    with pytest.raises(SystemExit) as done:
        main(["--help"])
    assert done.value.code == 0
    out = capsys.readouterr().out
    for command in ("demo", "run", "report", "flood", "screen", "city", "study"):
        assert command in out


def test_help_imports_no_slow_library() -> None:
    code = "import sys, genrejs.cli; genrejs.cli.parser(); print([m for m in ('numpy', 'pandas', 'numba') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_an_unknown_command_leaves_with_one(capsys) -> None:
    with pytest.raises(SystemExit) as done:
        main(["fly"])
    assert done.value.code == 1
    assert "fly" in capsys.readouterr().err


def test_a_study_that_is_not_there_is_one_sentence(capsys, tmp_path) -> None:
    assert main(["study", "check", str(tmp_path / "none.toml")]) == 1
    assert capsys.readouterr().err.count("\n") == 1
