"""What a youth care delivery may hold: code lists, lost zeros, the residence principle, and what never survives loading."""

import hmac
from pathlib import Path

import pytest

from pipelines.errors import ContractError
from pipelines.keys import read_key, write_key
from pipelines.sources.youth_care import END_REASONS, FORMS, KINDS, REFERRERS
from pipelines.supplier import key_family, pseudonymise_file
from tests.suppliers import KEY, deliver, person, take

HEADER = "persoon;geboortedatum;geslacht;postcode;woongemeente;soort;vorm;verwijzer;begin;einde;reden einde;gezin"
POSTCODE = "1949"  # never to be seen again


def spell(name: str = "ann", **changes: str) -> str:
    """One good line; `changes` by our column names."""
    cells = {
        "person": person(name), "birth_date": "20100301", "sex": "V", "home_postcode": POSTCODE,
        "home_municipality": "GM0375", "kind": "jeugdhulp", "form": "02", "referrer": "02", "begin_date": "20250310",
        "end_date": "20250801", "end_reason": "01", "family": person("family " + name),
    }  # fmt: skip
    return ";".join((cells | changes).values())


def _deliver(folder: Path, *lines: str, name: str = "jeugdhulp_2025.csv", header: str = HEADER) -> None:
    deliver(folder, "youth_care", name, "\n".join([header, *lines]) + "\n")


def _good(count: int = 40) -> list[str]:
    return [spell(f"person {n}") for n in range(count)]


@pytest.mark.parametrize(
    ("changes", "column", "rule"),
    [
        ({"birth_date": "20103101"}, "birth_date", "a date JJJJMMDD"),
        ({"birth_date": "20020301"}, "birth_date", "0 to 22 years old on the first day"),
        ({"sex": "X"}, "sex", "M, V or O"),
        ({"home_postcode": "1949 AB"}, "home_postcode", "the four digits of a postcode, never its letters"),
        ({"home_municipality": ""}, "home_municipality", "filled"),
        ({"kind": "hulp"}, "kind", "jeugdhulp, jeugdbescherming or jeugdreclassering"),
        ({"form": "05"}, "form", "a code of the policy information youth"),
        ({"form": "21"}, "form", "a form of its own kind of care"),
        ({"kind": "jeugdbescherming", "form": "02"}, "form", "a form of its own kind of care"),
        ({"kind": "jeugdreclassering", "form": "11"}, "form", "a form of its own kind of care"),
        ({"referrer": "08"}, "referrer", "a referrer, 01 to 07"),
        ({"begin_date": "20250300"}, "begin_date", "a date JJJJMMDD"),
        ({"end_date": "20250309"}, "end_date", "not before the first day"),
        ({"end_reason": "06"}, "end_reason", "a reason, 01 to 05"),
        ({"end_date": ""}, "end_reason", "empty while the spell runs"),
        ({"family": "Jansen"}, "family", "64 hexadecimal digits"),
    ],
)
def test_a_row_that_breaks_a_rule_is_kept_aside_with_its_line(
    tmp_path: Path, changes: dict[str, str], column: str, rule: str
) -> None:
    _deliver(tmp_path, *_good(), spell("canary", **changes))
    taken = take(tmp_path)
    found = [refusal for refusal in taken.receipt.refusals if refusal[0] == column and rule in refusal[1]]
    assert found, taken.receipt.refusals
    assert found[0][2:] == (1, 42)
    assert (taken.receipt.rows_in, taken.receipt.rows_refused) == (41, 1)


def test_the_same_spell_twice_in_one_delivery_is_refused_and_another_spell_of_the_person_is_not(tmp_path: Path) -> None:
    _deliver(
        tmp_path, *_good(), spell("person 0"), spell("person 0", form="03"), spell("person 0", begin_date="20250401")
    )
    assert take(tmp_path).receipt.refusals == (("person", "occurs once in the delivery", 1, 42),)


def test_every_code_of_every_list_is_accepted(tmp_path: Path) -> None:
    forms = [(kind, code) for kind, codes in FORMS.items() for code in codes]
    lines = [spell(f"{kind} {code}", kind=KINDS[kind][0], form=code) for kind, code in forms]
    lines += [spell(words[1], kind=words[1].upper(), form=min(FORMS[kind])) for kind, words in KINDS.items()]
    lines += [spell(f"referrer {code}", referrer=code) for code in REFERRERS]
    lines += [spell(f"end {code}", end_reason=code) for code in END_REASONS]
    lines += [spell("open", end_date="", end_reason=""), spell("no reason", end_reason="")]
    lines += [spell("nothing known", referrer="", family="")]
    _deliver(tmp_path, *lines)
    assert take(tmp_path).receipt.rows_refused == 0


@pytest.mark.parametrize(("form", "kept"), [("1", "01"), ("01", "01"), ("1.0", "01"), ("4,0", "04"), (" 11 ", "11")])
def test_a_code_that_lost_its_zero_in_a_spreadsheet_is_the_same_code(tmp_path: Path, form: str, kept: str) -> None:
    _deliver(tmp_path, spell(form=form, referrer="7", end_reason="1"))
    rows = take(tmp_path).rows
    assert rows is not None
    assert [rows[name].to_pylist() for name in ("form", "referrer", "end_reason")] == [[kept], ["07"], ["01"]]


def test_no_person_postcode_birth_date_or_family_number_survives_loading(tmp_path: Path) -> None:
    _deliver(tmp_path, spell("ann"), spell("bob", family=person("family ann")), spell("cas", family=""))
    rows = take(tmp_path).rows
    assert rows is not None
    assert not {"person", "birth_date", "family", "home_postcode"} & set(rows.column_names)
    assert POSTCODE not in {str(cell) for column in rows.column_names for cell in rows[column].to_pylist()}
    families = rows["family_key"].to_pylist()
    assert families[0] == families[1] == int(hmac.digest(KEY, person("family ann").encode(), "sha256").hex()[:15], 16)
    assert families[2] is None
    assert families[0] != rows["person_key"].to_pylist()[0]


def test_the_age_kept_is_that_on_31_december_of_the_year_in_which_the_spell_began(tmp_path: Path) -> None:
    _deliver(tmp_path, spell("ann", birth_date="20101231"), spell("bob", birth_date="20100101", begin_date="20241231"))
    rows = take(tmp_path).rows
    assert rows is not None
    assert rows["age"].to_pylist() == [15, 14]


def test_the_postcode_need_not_be_delivered_and_never_stands_in_for_the_municipality(tmp_path: Path) -> None:
    without = [line.replace(f";{POSTCODE}", "") for line in _good(3)]
    _deliver(tmp_path, *without, header=HEADER.replace(";postcode", ""))
    assert take(tmp_path).receipt.rows_accepted == 3


def test_another_municipality_that_is_responsible_is_another_region(tmp_path: Path) -> None:
    _deliver(tmp_path, *_good(3), spell("eve", home_municipality="GM0363"))
    receipt = take(tmp_path).receipt
    assert (receipt.rows_in, receipt.rows_accepted) == (3, 3)
    assert "1 rijen over andere gebieden" in receipt.note


def test_an_address_beside_the_agreed_columns_refuses_the_delivery(tmp_path: Path) -> None:
    _deliver(tmp_path, spell() + ";Kanariestraat 1", header=HEADER + ";adres")
    with pytest.raises(ContractError, match="is named like a name, an address or a BSN") as refusal:
        take(tmp_path)
    assert "Kanarie" not in str(refusal.value)


def test_the_supplier_keys_the_family_number_too_and_leaves_the_postcode_out(tmp_path: Path) -> None:
    key_file = tmp_path / "project.key"
    write_key(key_file)
    file = tmp_path / "jeugdhulp_2025.csv"
    bsn, family = "111222333", "G-0042"
    lines = [spell().replace(person("ann"), bsn).replace(person("family ann"), number) for number in (family, "")]
    lines[1] = lines[1].replace("20250310", "20250311")
    file.write_text("\n".join([HEADER, *lines]) + "\n", encoding="utf-8")
    written, kept, dropped = pseudonymise_file(file, key_file, None)
    text = written.read_text(encoding="utf-8")
    assert (kept, dropped) == (2, ["postcode"])
    assert key_family(family, read_key(key_file, "X")) in text
    assert not {bsn, family, POSTCODE} & set(text.replace("\n", ";").split(";"))
    deliver(tmp_path / "in", "youth_care", "jeugdhulp_2025.csv", text)
    assert take(tmp_path / "in").receipt.rows_accepted == 2


def test_a_family_number_is_the_same_however_it_is_written_and_never_the_key_of_a_person() -> None:
    key = b"p" * 32
    assert key_family("111.222.333", key) == key_family("111 222 333", key) == key_family("111222333", key)
    assert key_family("g-0042", key) == key_family("G0042", key)
    assert key_family("111222333", key) != hmac.digest(key, b"111222333", "sha256").hex()
