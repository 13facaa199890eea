"""The receipt of a figure: short, always the same, of the keys only, and a wrong sign is seen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.receipt import LENGTH, SIGNS, find_check, make_receipt

KEY = ("b1", "halt_rate", "GM0396", "2025", "all", "all", "all")


def test_a_receipt_is_ten_signs_and_always_the_same() -> None:
    assert make_receipt(*KEY) == make_receipt(*KEY) == "A7MBAR7NRH"
    assert len(make_receipt(*KEY)) == LENGTH
    assert set(make_receipt(*KEY)) <= set(SIGNS)
    assert not set("ILOU") & set(SIGNS)


@pytest.mark.parametrize("place", range(len(KEY)))
def test_every_part_of_the_key_counts(place: int) -> None:
    other = [*KEY[:place], "other", *KEY[place + 1 :]]
    assert make_receipt(*other) != make_receipt(*KEY)


def test_parts_do_not_run_into_each_other() -> None:
    assert make_receipt("b", "1x", *KEY[2:]) != make_receipt("b1", "x", *KEY[2:])


@given(st.text(max_size=9), st.integers(0, 8), st.sampled_from(SIGNS))
def test_one_wrong_sign_does_not_fit_the_check_sign(area: str, place: int, sign: str) -> None:
    body = make_receipt("b1", "halt_rate", area, *KEY[3:])[:-1]
    wrong = body[:place] + sign + body[place + 1 :]
    assert (find_check(wrong) == find_check(body)) == (wrong == body)
