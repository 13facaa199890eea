"""A second publication beside a real one, changed by SQL: for what must be seen, or not be seen, between the two."""

import shutil
from pathlib import Path

import duckdb


def copy_publication(published: Path, folder: Path, *, build: str = "", changes: tuple[str, ...] = ()) -> str:
    """Copy the current publication into a folder, change it, and point to it; returns its id.

    build    a new id and a later date; '' keeps both
    changes  statements on the copy
    """
    folder.mkdir(parents=True, exist_ok=True)
    old = (published / "current").read_text(encoding="utf-8").strip()
    new = build or old
    path = folder / f"{new}.duckdb"
    shutil.copy(published / f"{old}.duckdb", path)
    path.chmod(0o644)
    with duckdb.connect(str(path)) as copy:
        if build:
            copy.execute("update build set id = $id, made_on = made_on + interval 1 day", {"id": build})
        for change in changes:
            copy.execute(change)
    (folder / "current").write_text(new, encoding="utf-8")
    return new
