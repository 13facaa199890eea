"""What every test may use: the real open data, when this machine has it."""

import os
from pathlib import Path

import pytest

REALDATA = Path(os.environ.get("JEUGDBEELD_REALDATA", Path(__file__).parents[2] / "shared" / "realdata"))


@pytest.fixture(scope="session")
def realdata() -> Path:
    """The folder with real Dutch open data; a machine without it is told so, in words."""
    if not REALDATA.is_dir():
        pytest.skip(f"the real open data is not on this machine (looked in {REALDATA.name}; set JEUGDBEELD_REALDATA)")
    return REALDATA
