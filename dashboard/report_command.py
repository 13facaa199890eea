"""`python -m dashboard.report_command`: the board pack without the app. `jeugdbeeld report` runs this in a process of its own.

The half that writes publications and the half that reads them share no code, so the command line starts this one as it
starts the app. Exit codes: 0 written, 2 an area, year or format that is not there, 6 no publication or nowhere to write.
"""

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from dashboard.figures import PublicationError, open_publication, published_folder
from dashboard.pack import UnknownChoice, make_view
from dashboard.report import SUFFIXES, make_files


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the files and print their names; a refusal is words on stderr and its exit code."""
    asked = _read_arguments(arguments)
    suffixes = tuple(asked.formats.split(","))
    try:
        if strange := [suffix for suffix in suffixes if suffix not in SUFFIXES]:
            raise UnknownChoice(f"format {strange[0]!r} is not known; there are {', '.join(SUFFIXES)}")
        if asked.published:
            os.environ["JEUGDBEELD_PUBLISHED"] = str(asked.published)
        view = make_view(open_publication(), area=asked.area, year=asked.year)
        _write(make_files(view, suffixes), asked.output)
    except UnknownChoice as error:
        return _refuse(f"report: {error}", 2)
    except PublicationError as error:
        return _refuse(
            f"report: no publication in {published_folder()} ({error})\n"
            "Make one with `jeugdbeeld build`, or name its folder with --published",
            6,
        )
    except OSError as error:
        return _refuse(
            f"report: cannot write in {asked.output} ({type(error).__name__})\nCheck folder, rights and disk", 6
        )
    return 0


def _read_arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="jeugdbeeld report", description="The board pack of one area and year.")
    parser.add_argument("--published", type=Path, help="folder of publications")
    parser.add_argument("--area", default="", help="code, or name as on the screen; default the region")
    parser.add_argument("--year", default="", help="default the newest")
    parser.add_argument("--output", type=Path, default=Path(), help="folder for the files")
    parser.add_argument("--formats", default=",".join(SUFFIXES), help="some of pdf,pptx,xlsx")
    return parser.parse_args(arguments)


def _write(made: Mapping[str, bytes], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in made.items():
        (folder / name).write_bytes(content)
        print(folder / name)


def _refuse(words: str, code: int) -> int:
    print(words, file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
