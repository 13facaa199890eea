"""Two hundred malformed files: no crash, no row lost, and the publication stays as it was, to the byte."""

import hashlib
import io
import random
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, strategies
from hypothesis import settings as hypothesis_settings

from pipelines import loading
from pipelines.aggregate import aggregate
from pipelines.build import build
from pipelines.deliveries import find_deliveries
from pipelines.engine import DuckDBEngine
from pipelines.errors import ContractError
from pipelines.indicators import CATALOGUE
from pipelines.intake import Taken, reference_tables, take_in
from pipelines.sample import write_sample
from pipelines.settings import Region, Settings
from pipelines.sources import CONTRACTS
from tests.suppliers import KEY, SUSPECT_HEADER, deliver, suspect, suspects
from tests.test_build import AREAS, POPULATION

pytestmark = pytest.mark.xdist_group("malformed")  # one worker makes what they share

FILES = 200
LARGEST = 100_000  # bytes of a second and third file
BEVERWIJK = Region("RG-EIGEN", "Eigen regio", ("GM0375",))
Mutation = Callable[[bytes, random.Random], bytes]


def _cells(content: bytes, change: Callable[[list[list[str]]], None]) -> bytes:
    """Change a CSV as rows of cells."""
    rows = [line.split(";") for line in content.decode("utf-8", "replace").split("\n")]
    change(rows)
    return "\n".join(";".join(row) for row in rows).encode("utf-8")


def _truncate(content: bytes, chance: random.Random) -> bytes:
    return content[: chance.randrange(len(content))]


def _flip(content: bytes, chance: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.choice([1, 5, 50])):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _cut_out(content: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(content))
    return content[:start] + content[start + chance.randrange(200) :]


def _empty(_: bytes, chance: random.Random) -> bytes:
    return chance.choice(
        [b"", b"\n", b"\xef\xbb\xbf", b";", b"\0", b"null", b"[]", b"{}", b'{"value":[{}]}', b"PK\x03\x04"]
    )


def _other_encoding(content: bytes, chance: random.Random) -> bytes:
    text = content.decode("utf-8", "replace")
    return text.encode(chance.choice(["utf-16", "utf-16-be", "utf-32", "cp037", "utf-7"]), "replace")


def _nulls(content: bytes, chance: random.Random) -> bytes:
    return content.replace(chance.choice([b"0", b";", b"\n", b"GM", b","]), b"\0", chance.randrange(1, 9))


def _flip_inside(content: bytes, chance: random.Random) -> bytes:
    """A workbook that is a good zip of damaged parts."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as good, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bad:
        names = good.namelist()
        spoilt = chance.sample(names, chance.choice([1, 1, len(names)]))
        for name in names:
            bad.writestr(name, chance.choice(SPOIL)(good.read(name), chance) if name in spoilt else good.read(name))
    return packed.getvalue()


def _strange_json(content: bytes, chance: random.Random) -> bytes:
    """Other values where JSON has a number, a text or nothing."""
    values = [
        b"null",
        b"[]",
        b"{}",
        b"NaN",
        b"-1",
        b"1e400",
        b"9" * 5000,
        b'"\\ud800"',
        b'"\\u0000"',
        b"true",
        b'"' + b"x" * 99_999 + b'"',
    ]
    parts = re.split(rb"(?<=:)([^,:{}\[\]]+)(?=[,}])", content)
    for _ in range(chance.choice([1, 9, 99])):
        parts[min(chance.randrange(len(parts)) | 1, len(parts) - 1)] = chance.choice(values)
    return b"".join(parts)


def _replace_cells(value: str) -> Mutation:
    """A strange value in a few cells of a few rows."""

    def change(content: bytes, chance: random.Random) -> bytes:
        def spoil(rows: list[list[str]]) -> None:
            for _ in range(chance.choice([1, 2, 40])):
                row = chance.choice(rows)
                row[chance.randrange(len(row))] = value

        return _cells(content, spoil)

    return change


def _swap_columns(content: bytes, chance: random.Random) -> bytes:
    def swap(rows: list[list[str]]) -> None:
        first, second = chance.randrange(len(rows[0])), chance.randrange(len(rows[0]))
        for row in rows[chance.randrange(3) :]:
            if max(first, second) < len(row):
                row[first], row[second] = row[second], row[first]

    return _cells(content, swap)


def _repeat_header(content: bytes, chance: random.Random) -> bytes:
    lines = content.split(b"\n")
    return b"\n".join(lines[: (place := chance.randrange(1, 9))] + lines[:1] + lines[place:])


def _drop_column(content: bytes, chance: random.Random) -> bytes:
    def drop(rows: list[list[str]]) -> None:
        place = chance.randrange(len(rows[0]))
        for row in rows:
            del row[place : place + 1]

    return _cells(content, drop)


STRANGE = ("", "=1+1", "=cmd|' /C calc'!A0", "-1", "99999999999999999999", "1e400", "20991231", "00000000", "31-2-2025", "\u202e",
           "'; drop table rows; --", '"', '""', "x" * 200_000, "NaN", "null", "\\", "½", "😀", "٣", "0x1F", "99990101", "10001010")  # fmt: skip
SPOIL: tuple[Mutation, ...] = (_truncate, _flip, _cut_out, _nulls)
ANY = (_truncate, _flip, _flip, _cut_out, _empty, _other_encoding, _nulls)
TEXT = (_swap_columns, _repeat_header, _drop_column, *(_replace_cells(value) for value in STRANGE))


MORE: dict[str, tuple[Mutation, ...]] = {".csv": TEXT, ".xlsx": (_flip_inside,) * 6, ".json": (_strange_json,) * 3}


def _good_files(sample: Path) -> list[Path]:
    """The smallest file of every source, and two more when they are small."""
    files = []
    for source in CONTRACTS:
        of_source = sorted((file for file in (sample / source).rglob("*.*") if file.is_file()), key=_size)
        assert of_source, f"the sample has no file of {source}"
        files += [of_source[0], *(file for file in of_source[1:3] if _size(file)[0] < LARGEST)]
    return files


def _size(file: Path) -> tuple[int, str]:
    return file.stat().st_size, file.name


def _malformed(sample: Path) -> Iterator[tuple[str, str, bytes]]:
    """(source, file name, content) of every malformed file; the same ones in every run."""
    files = _good_files(sample)
    for number in range(FILES):
        chance = random.Random(number)
        file = files[number % len(files)]
        kinds = (*ANY, *MORE.get(file.suffix, ()))
        mutate = kinds[(number // len(files)) % len(kinds)]
        yield file.relative_to(sample).parts[0], file.name, mutate(file.read_bytes(), chance)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    write_sample(folder, region="ijmond", years=range(2024, 2026), scale=0.05, seed=1)
    return folder


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A small publication that stands."""
    folder = tmp_path_factory.mktemp("standing")
    deliver(folder / "in", "police_suspects", "suspects_2025.csv", suspects(*(suspect(n, f"p{n}") for n in range(30))))
    deliver(folder / "in", "areas", "WijkenEnBuurten_2025.csv", AREAS)
    deliver(folder / "in", "population", "86165NED.csv", POPULATION)
    settings = Settings(region="GM0375", deliveries=folder / "in", published=folder / "out", work=folder / "work")
    build(settings)
    return settings


def _digest(folder: Path) -> dict[str, str]:
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(folder.iterdir())}


def _take(folder: Path, source: str, name: str, content: bytes) -> Taken | None:
    """Take one file in; None when it is refused whole."""
    file = deliver(folder, source, name, content)
    try:
        (delivery,) = find_deliveries(folder)
        taken = take_in(delivery, reference_tables(BEVERWIJK), key=KEY, refused_max=0.05)
    except ContractError as error:
        assert name in str(error)
        assert "Traceback" not in str(error)
        return None
    finally:
        file.unlink()
    receipt = taken.receipt
    assert receipt.rows_in == receipt.rows_accepted + receipt.rows_refused
    if taken.rows is not None and taken.refused is not None:
        assert taken.rows.num_rows == receipt.rows_accepted
        assert len(set(taken.refused["line"].to_pylist())) == receipt.rows_refused
    return taken


@pytest.fixture(scope="module")
def outcomes(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, str, bytes, Taken | None]]:
    """Every malformed file and what became of it."""
    folder = tmp_path_factory.mktemp("malformed")
    return [
        (source, name, content, _take(folder / str(number), source, name, content))
        for number, (source, name, content) in enumerate(_malformed(sample))
    ]


def test_two_hundred_malformed_files_give_no_crash_and_lose_no_row(
    outcomes: list[tuple[str, str, bytes, Taken | None]],
) -> None:
    assert len(outcomes) == FILES
    assert {source for source, *_ in outcomes} == set(CONTRACTS)
    accepted = [taken for *_, taken in outcomes if taken is not None]
    assert 40 <= len(accepted) <= FILES - 40
    with DuckDBEngine() as engine:
        loading.load_reference(engine, BEVERWIJK, None)
        intake = loading._Intake(engine=engine, reference=reference_tables(BEVERWIJK))
        for taken in accepted:
            if taken.rows is not None:
                loading._load_rows(intake, taken.receipt.delivery, taken)
        loading.load_coverage(engine, intake.covered)
        loading.connect(engine)
        assert len(aggregate(engine, CATALOGUE))


def test_the_publication_is_the_same_to_the_byte_after_every_failed_load(
    outcomes: list[tuple[str, str, bytes, Taken | None]], settings: Settings, tmp_path: Path
) -> None:
    before, alone = _digest(settings.published), settings.model_copy(update={"deliveries": tmp_path})
    failed = [(source, name, content) for source, name, content, taken in outcomes if taken is None]
    for source, name, content in failed:
        file = deliver(tmp_path, source, name, content)
        with pytest.raises(ContractError, match=re.escape(name)):
            build(alone)
        file.unlink()
        assert _digest(settings.published) == before


CELL = strategies.one_of(
    strategies.text(max_size=12),
    strategies.sampled_from([*suspect(1).split(";"), *SUSPECT_HEADER.split(";"), *STRANGE[:12]]),
)


@given(
    rows=strategies.lists(strategies.lists(CELL, max_size=16), max_size=12),
    header=strategies.booleans(),
    quote=strategies.booleans(),
)
@hypothesis_settings(
    max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_rows_of_text_are_read_or_refused(tmp_path: Path, rows: list[list[str]], header: bool, quote: bool) -> None:
    lines = [";".join(f'"{cell}"' if quote else cell for cell in row) for row in rows]
    content = "\n".join([SUSPECT_HEADER, suspect(1), *lines] if header else lines)
    _take(tmp_path, "police_suspects", "suspects_2025.csv", content.encode("utf-8", "surrogatepass"))


@given(content=strategies.binary(max_size=400))
@hypothesis_settings(
    max_examples=100, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@pytest.mark.parametrize("name", ["halt_2025.csv", "halt_2025.xlsx", "halt_2025.parquet", "halt_2025.json"])
def test_any_bytes_are_refused_in_words(tmp_path: Path, name: str, content: bytes) -> None:
    assert _take(tmp_path, "halt", name, content) is None
