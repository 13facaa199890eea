"""One delivery through its contract: extract, refuse what is personal, check, pseudonymise; with a receipt.

Nothing is written here, so `jeugdbeeld check` and `jeugdbeeld build` run the same road. A delivery that breaks its
contract does not stop the others from being checked: all errors are told at once.
"""

from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as arrow_csv

from pipelines.code_lists import read_code_lists
from pipelines.contract import check_contract, match_columns, summarise_refusals
from pipelines.corrections import apply_corrections, read_corrections
from pipelines.deliveries import Delivery, expected_days
from pipelines.errors import ContractError
from pipelines.extract import Extract, extract
from pipelines.indicators.programmes import PARTS
from pipelines.pseudonymise import pseudonymise, refuse_personal
from pipelines.settings import REFERENCE, Region
from pipelines.sources import CONTRACTS

WITH_CODE_LISTS = (
    "police_open",
    "population",
    "population_age",
    "open_suspects",
    "open_halt",
    "open_care",
    "open_leaving",
)


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What happened to one file: counts and rules, never a value.

    refusals  (column, rule, rows, first line)
    period    what its rows cover, as text
    state     used | superseded | code list | boundaries
    """

    delivery: Delivery
    state: str
    rows_in: int = 0
    rows_accepted: int = 0
    encoding: str = ""
    period: str = ""
    note: str = ""
    synthetic: bool = False
    refusals: tuple[tuple[str, str, int, int], ...] = ()

    @property
    def rows_refused(self) -> int:
        """Rows kept aside."""
        return self.rows_in - self.rows_accepted


@dataclass(frozen=True, kw_only=True)
class Taken:
    """A delivery that was taken in: its rows (None for a superseded file), its refused rows by line and rule."""

    receipt: Receipt
    rows: pa.Table | None = None
    refused: pa.Table | None = None
    code_lists: dict[str, list[dict[str, str]]] = field(default_factory=dict)


def take_in(delivery: Delivery, reference: dict[str, pa.Table], *, key: bytes | None, refused_max: float) -> Taken:
    """Read, check and (with a key) pseudonymise one file.

    raises  ContractError with what, where and how to mend
    """
    if delivery.state == "superseded":
        return Taken(receipt=Receipt(delivery=delivery, state="superseded", note="vervangen door een latere levering"))
    lists = read_code_lists(delivery.file) if delivery.source in WITH_CODE_LISTS else None
    if lists is not None:
        count = sum(len(rows) for rows in lists.values())
        receipt = Receipt(delivery=delivery, state="code list", rows_in=count, rows_accepted=count, note="codelijst")
        return Taken(receipt=receipt, code_lists=lists)
    return _take_rows(delivery, reference, key, refused_max)


def _take_rows(delivery: Delivery, reference: dict[str, pa.Table], key: bytes | None, refused_max: float) -> Taken:
    contract, name = CONTRACTS[delivery.source], delivery.file.name
    read = extract(delivery.file, contract)
    declared = set(match_columns(contract, read.rows.column_names).values())
    refuse_personal(read.rows, contract, declared, name)
    for sheet in read.others:
        refuse_personal(sheet, contract, set(), name)
    mended, corrected = apply_corrections(read.rows, contract, delivery, read_corrections())
    checked = check_contract(
        mended, contract, file=name, reference=reference, refused_max=refused_max, expected=expected_days(delivery)
    )
    rows = pseudonymise(checked.rows, contract, key) if key is not None else None
    receipt = Receipt(
        delivery=delivery,
        state="used",
        rows_in=checked.rows_in,
        rows_accepted=checked.rows.num_rows,
        encoding=read.encoding,
        period=delivery.period,
        note=_note(read, checked.passed, corrected),
        synthetic=read.synthetic,
        refusals=tuple(summarise_refusals(checked.refused)),
    )
    return Taken(receipt=receipt, rows=rows, refused=checked.refused)


def _note(read: Extract, passed: int, corrected: int) -> str:
    parts = [f"kopregel op regel {read.header}"] if read.header > 1 else []
    parts += read.notes
    parts += [f"{corrected} cellen verbeterd volgens de lijst met correcties"] if corrected else []
    return ", ".join(parts + ([f"{passed} rijen over andere gebieden overgeslagen"] if passed else []))


def reference_tables(region: Region) -> dict[str, pa.Table]:
    """The lists that contracts check on: region, area and area_name (presets), offence_class, police_offence, programme_part."""
    wanted = set(region.municipalities)
    areas = read_reference("areas")
    ours = areas.filter(pa.array([f"GM{code[2:6]}" in wanted for code in areas["code"].to_pylist()]))
    return {
        "region": pa.table({"code": list(region.municipalities)}),
        "area": pa.table({"code": sorted({*ours["code"].to_pylist(), *region.municipalities})}),
        "area_name": _unique_names(ours.select(["code", "name"])),
        "offence_class": read_reference("offence_classes"),
        "police_offence": read_reference("police_offences"),
        "programme_part": pa.table({"code": [part.code for part in PARTS]}),
    }


def extend_areas(reference: dict[str, pa.Table], codes: set[str], names: pa.Table | None = None) -> None:
    """Add delivered area codes (and names) to the lists that later contracts check on."""
    reference["area"] = pa.table({"code": sorted(codes | set(reference["area"]["code"].to_pylist()))})
    if names is not None:
        both = pa.concat_tables([reference["area_name"], names.select(["code", "name"])])
        reference["area_name"] = _unique_names(both)


def read_reference(name: str) -> pa.Table:
    """A list of data/reference, every column as text."""
    path: Path = REFERENCE / f"{name}.csv"
    with path.open(encoding="utf-8") as file:
        columns = file.readline().strip().split(",")
    types = dict.fromkeys(columns, pa.string())
    return arrow_csv.read_csv(path, convert_options=arrow_csv.ConvertOptions(column_types=types))


def _unique_names(names: pa.Table) -> pa.Table:
    """Names that point to one code only: a label that two areas share cannot be resolved."""
    codes: dict[str, set[str]] = {}
    for code, name in zip(names["code"].to_pylist(), names["name"].to_pylist(), strict=True):
        codes.setdefault(name, set()).add(code)
    for name, found in codes.items():
        municipalities = {code for code in found if code.startswith("GM")}
        if len(municipalities) == 1:
            codes[name] = municipalities
    single = sorted((min(found), name) for name, found in codes.items() if len(found) == 1)
    return pa.table({"code": [code for code, _ in single], "name": [name for _, name in single]}, schema=_NAMES)


_NAMES = pa.schema([("code", pa.string()), ("name", pa.string())])


def join_errors(errors: list[ContractError]) -> ContractError:
    """All refusals in one message, as the reader will work through them."""
    return ContractError("\n\n".join(str(error) for error in errors))
