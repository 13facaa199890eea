"""What every test may use: the real open data, when this machine has it, and one real publication of sample deliveries."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from filelock import FileLock
from hypothesis import settings
from playwright.sync_api import BrowserContext

from pipelines.sample import write_sample
from tests.browser import start_browser, start_server

settings.register_profile("any machine", deadline=None)  # a busy machine is no fault of the code
settings.load_profile("any machine")

REALDATA = Path(os.environ.get("JEUGDBEELD_REALDATA", Path(__file__).parents[2] / "shared" / "realdata"))


@pytest.fixture(scope="session")
def realdata() -> Path:
    """The folder with real Dutch open data; a machine without it is told so, in words."""
    if not REALDATA.is_dir():
        pytest.skip("the real open data is not on this machine; set JEUGDBEELD_REALDATA to its folder")
    return REALDATA


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all workers of a test run."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def sample_deliveries(shared_folder: Path) -> Path:
    """Synthetic deliveries for IJmond, 2019-2025, made once per test run."""
    folder = shared_folder / "sample"
    with FileLock(shared_folder / "sample.lock"):
        if not folder.exists():
            write_sample(folder, region="ijmond", years=range(2019, 2026), scale=1, seed=1)
    return folder


@pytest.fixture(scope="session")
def published(shared_folder: Path, request: pytest.FixtureRequest) -> Path:
    """A real publication, made by the command line once per test run; JEUGDBEELD_TEST_PUBLISHED names a ready one."""
    if "JEUGDBEELD_TEST_PUBLISHED" in os.environ:
        return Path(os.environ["JEUGDBEELD_TEST_PUBLISHED"])
    sample_deliveries: Path = request.getfixturevalue("sample_deliveries")
    folder = shared_folder / "published"
    with FileLock(shared_folder / "published.lock"):
        if not (folder / "current").exists():
            finished = run_command(
                "build", "--deliveries", sample_deliveries, "--published", folder, "--work", shared_folder / "work"
            )
            assert finished.returncode == 0, finished.stderr
    return folder


@pytest.fixture(scope="session")
def much_hidden(shared_folder: Path, published: Path) -> Path:
    """The same publication with nine in ten of its figures hidden, and without projects."""
    folder = shared_folder / "much_hidden"
    with FileLock(shared_folder / "much_hidden.lock"):
        if not (folder / "current").exists():
            folder.mkdir()
            build = (published / "current").read_text(encoding="utf-8").strip()
            shutil.copy(published / f"{build}.duckdb", folder / "much.duckdb")
            hide_most(folder / "much.duckdb")
            (folder / "current").write_text("much", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def server(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server of that publication, with a store of its own for kept views."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JEUGDBEELD_SAVED", str(tmp_path_factory.mktemp("kept") / "saved.sqlite"))
        with start_server(published) as address:
            yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[BrowserContext]:
    """A real browser."""
    with start_browser() as running:
        yield running


def hide_most(file: Path) -> None:
    """Leave one in ten figures of a publication."""
    gone = "numerator = null, denominator = null, value = null, low = null, high = null, label = null, trend = null"
    with duckdb.connect(str(file)) as connection:
        connection.execute(
            f"update figure set status = 'hidden', provisional = false, benchmark = null, denominator_year = null, {gone} "
            "where hash(indicator, area, period, kind) % 10 > 0"
        )
        connection.execute("delete from project")


def run_command(*arguments: object) -> "subprocess.CompletedProcess[str]":
    """Run `jeugdbeeld` as a user would."""
    command = [sys.executable, "-m", "pipelines.cli", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)
