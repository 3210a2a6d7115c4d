"""The house rules of section 5 that no linter checks: sizes, names, words."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted((ROOT / "src").rglob("*.py"))
IDS = [str(path.relative_to(ROOT / "src")) for path in MODULES]
FORBIDDEN_NAMES = {"utils.py", "common.py", "helpers.py", "misc.py"}


def functions(path: Path) -> list[ast.FunctionDef]:
    return [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.FunctionDef)]


def is_kernel(node: ast.FunctionDef) -> bool:
    return any("jit" in ast.unparse(decorator) or "cuda" in ast.unparse(decorator) for decorator in node.decorator_list)


def body_lines(node: ast.FunctionDef) -> int:
    first = node.body[0]
    documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    start = first.end_lineno if documented else node.body[0].lineno - 1
    return (node.end_lineno or 0) - (start or 0)


@pytest.mark.parametrize("path", MODULES, ids=IDS)
def test_a_module_has_at_most_400_lines(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 400


@pytest.mark.parametrize("path", MODULES, ids=IDS)
def test_a_function_body_has_at_most_40_lines(path: Path) -> None:
    long = {f.name: body_lines(f) for f in functions(path) if not is_kernel(f) and body_lines(f) > 40}
    assert not long


@pytest.mark.parametrize("path", MODULES, ids=IDS)
def test_a_module_is_named_and_documented(path: Path) -> None:
    assert path.name not in FORBIDDEN_NAMES
    assert ast.get_docstring(ast.parse(path.read_text("utf-8")))


@pytest.mark.parametrize("path", MODULES, ids=IDS)
def test_classes_are_no_managers_and_no_bases(path: Path) -> None:
    names = [n.name for n in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(n, ast.ClassDef)]
    assert not [name for name in names if name.endswith("Manager") or name.startswith("Base")]


def tracked() -> list[Path]:
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in done.stdout.split("\0") if name]


def test_no_registry_host_and_no_machine_path_is_committed() -> None:
    wrong = re.compile(r"(registry\.npmjs|pypi\.org/simple|files\.pythonhosted|/work/(main|shared)|/root/)")
    texts = [p for p in tracked() if p.suffix in {".py", ".toml", ".lock", ".md", ".txt", ".json", ".csv", ".geojson"}]
    found = [p for p in texts if p != Path(__file__).resolve() and p.exists() and wrong.search(p.read_text("utf-8"))]
    assert not found


def test_locks_hold_hashes_and_no_address() -> None:
    locks = [path for path in tracked() if path.suffix == ".lock" or path.name == "package-lock.json"]
    assert len(locks) >= 3 and not [path for path in locks if "://" in path.read_text("utf-8")]


def test_no_tracked_file_is_above_one_megabyte() -> None:
    assert not [path for path in tracked() if path.exists() and path.stat().st_size > 1_000_000]
