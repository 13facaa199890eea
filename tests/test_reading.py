"""What a figure may carry, by the size of its count (methods 8.1 and 8.3): the table is the law."""

import numpy as np
import pytest
from pydantic import ValidationError

from analysis.reading import find_size, judge_series, limit_labels
from analysis.sizes import Sizes
from pipelines.settings import Settings
from tests.drawn import table

YEARS = np.arange(2015, 2025)
FALLING = np.array([400, 380, 350, 330, 300, 290, 265, 250, 230, 210])


def test_a_label_follows_the_size_of_the_count() -> None:
    drawn = table("""
        word           | count | said
        higher         | 9     |
        higher         | 10    | higher
        lower          | 19    | lower
        possibly_lower | 19    | cannot_tell
        similar        | 19    | cannot_tell
        possibly_lower | 20    | possibly_lower
        similar        | 20    | similar
        cannot_tell    | 50    | cannot_tell
        higher         |       |
    """)
    said = limit_labels(drawn["word"], drawn["count"].astype(float))
    assert list(said) == [word if isinstance(word, str) else None for word in drawn["said"]]


def test_the_size_of_a_share_is_its_smaller_side_and_of_a_rounded_count_the_least_it_stands_for() -> None:
    assert find_size(95, 100, is_share=True) == 5
    assert find_size(95, 100) == 95
    assert find_size(10, 1000, rounding=10) == 5
    assert np.isnan(find_size(np.nan, 100))


def test_a_clear_fall_of_large_counts_is_an_arrow() -> None:
    assert judge_series(FALLING, np.full(10, 10_000), YEARS).direction == "down"


@pytest.mark.parametrize(
    ("change", "direction"),
    [
        ({"events": FALLING / 10}, "too_few"),
        ({"events": np.where(YEARS == 2024, 49, FALLING)}, "too_few"),
        ({"events": np.where(YEARS == 2022, np.nan, FALLING)}, "not_comparable"),
        ({"events": np.where(YEARS == 2024, np.nan, FALLING)}, "not_comparable"),
        ({"breaks": (2021.0,)}, "not_comparable"),
        ({"provisional": YEARS > 2018}, "not_comparable"),
        ({"years": np.where(YEARS > 2021, YEARS + 1, YEARS)}, "not_comparable"),
        ({"events": FALLING / 3, "rounding": 10}, "too_few"),
    ],
)
def test_no_arrow_stands_where_it_may_not(change: dict[str, object], direction: str) -> None:
    asked = {"events": FALLING, "population": np.full(10, 10_000), "years": YEARS} | change
    assert judge_series(**asked).direction == direction  # type: ignore[arg-type]


def test_the_limits_are_settings_that_can_only_be_raised() -> None:
    assert Settings(label_from=15).sizes == Sizes(label=15)
    with pytest.raises(ValidationError):
        Settings(label_from=5)
    assert list(limit_labels(["higher"], [12.0], Sizes(label=15))) == [None]
