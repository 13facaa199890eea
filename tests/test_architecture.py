"""Who may import whom: the house of docs, kept."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
OURS = {"pipelines", "analysis", "dashboard", "pages"}
PURE = ("charts", "maps", "tables", "format", "theme")


def _files(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


def imports_of(file: Path) -> set[str]:
    """Dotted names that a file imports, absolute."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {node.module or ""} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def _importers(package: str, forbidden: set[str]) -> list[str]:
    return [
        f"{file.relative_to(ROOT)} imports {name}"
        for file in _files(package)
        for name in imports_of(file)
        if name.split(".")[0] in forbidden
    ]


@pytest.mark.parametrize(
    ("package", "forbidden"),
    [
        ("pages", OURS - {"dashboard", "pages"} | {"duckdb", "pandas", "numpy"}),
        ("dashboard", {"pipelines", "pages"}),
        ("pipelines", {"streamlit", "plotly", "dashboard", "pages"}),
        ("analysis", OURS - {"analysis"}),
        ("pipelines/indicators", {"duckdb", "pandas", "numpy", "streamlit"}),
    ],
)
def test_a_room_imports_only_what_the_house_allows(package: str, forbidden: set[str]) -> None:
    assert _importers(package, forbidden) == []


def test_drawing_touches_neither_streamlit_nor_duckdb() -> None:
    for name in PURE:
        packages = {one.split(".")[0] for one in imports_of(ROOT / "dashboard" / f"{name}.py")}
        assert not packages & {"streamlit", "duckdb"}, name


def test_only_figures_opens_the_published_file_and_the_child_that_answers_sql() -> None:
    openers = [file.name for file in _files("dashboard") if "duckdb" in imports_of(file)]
    assert openers == ["figures.py", "sql_child.py"]
    child = imports_of(ROOT / "dashboard" / "sql_child.py")
    assert not {name.split(".")[0] for name in child} & {*OURS, "streamlit", "pandas"}, "it must be small and alone"


def test_the_audit_shares_no_code_with_the_protection_it_checks() -> None:
    for file in [*_files("pipelines/audit"), ROOT / "pipelines" / "describe.py"]:
        assert not any(name.startswith("pipelines.protect.") for name in imports_of(file)), file.name
    for file in _files("pipelines/protect"):
        assert not any(name.startswith(("pipelines.audit", "pipelines.publish")) for name in imports_of(file)), (
            file.name
        )


def test_steps_never_import_the_run() -> None:
    importers = [f.name for f in _files("pipelines") if "pipelines.build" in imports_of(f) and f.name != "cli.py"]
    assert importers == []


def test_page_files_run_nothing_on_import() -> None:
    allowed = (ast.FunctionDef, ast.Import, ast.ImportFrom, ast.Expr)
    for file in _files("pages"):
        body = ast.parse(file.read_text(encoding="utf-8")).body
        assert all(isinstance(node, allowed) or _is_constant(node) for node in body), file.name
        assert not any(isinstance(node, ast.Expr) and not isinstance(node.value, ast.Constant) for node in body), (
            file.name
        )


def _is_constant(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign) and not any(isinstance(part, ast.Call) for part in ast.walk(node.value))


def test_sql_keeps_to_the_portable_subset() -> None:
    core = [file for folder in ("core", "sources") for file in (ROOT / "pipelines" / folder).glob("*.sql")]
    assert core
    for file in core:
        sql = re.sub(r"--.*", "", file.read_text(encoding="utf-8")).lower()
        for word in ("::", "qualify", "//", "group by all", "exclude ("):
            assert word not in sql, f"{file.name}: {word}"


def test_functions_and_files_keep_to_the_numbers_of_the_style_guide() -> None:
    lengths: list[int] = []
    for file in [path for package in OURS for path in _files(package)] + [ROOT / "app.py"]:
        text = file.read_text(encoding="utf-8")
        assert len(text.splitlines()) <= 400, file.name
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lengths.append((node.end_lineno or 0) - node.lineno + 1 - _docstring_lines(node))
    lengths.sort()
    assert lengths[len(lengths) // 2] <= 8
    assert lengths[int(len(lengths) * 0.9)] <= 25
    assert sum(length > 40 for length in lengths) <= len(lengths) // 100


def _docstring_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    first = node.body[0]
    is_docstring = (
        isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    )
    return (first.end_lineno or 0) - first.lineno + 1 if is_docstring else 0


def test_the_top_of_the_project_holds_no_files_but_those_that_belong_there():
    """What a library or a trial leaves behind in the folder where it ran must not come along."""
    known = {"app.py", "pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE", "Makefile", "requirements.lock"}
    own = {"jeugdbeeld.toml"}  # the settings of who runs it here
    found = {path.name for path in ROOT.iterdir() if path.is_file() and not path.name.startswith(".")}
    assert found - own == known


def test_of_data_only_the_reference_is_kept_with_the_code():
    """What a server or a trial wrote under data/ must not come along either."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a checkout: what is kept with the code cannot be told from what was made here")
    told = subprocess.run(["git", "ls-files", "data"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert [name for name in told.stdout.split() if not name.startswith("data/reference/")] == []
