"""Small pieces of SQL that several contracts share: dates, numbers, area codes. Checked by DuckDB only."""

CODE = {"municipality": "GM[0-9]{4}", "district": "WK[0-9]{6}", "neighbourhood": "BU[0-9]{8}"}

TIDY_DATE = (
    "case when regexp_full_match(trim({c}), '[0-9]{1,2}-[0-9]{1,2}-[0-9]{4}') "
    "then split_part(trim({c}), '-', 3) || lpad(split_part(trim({c}), '-', 2), 2, '0')"
    " || lpad(split_part(trim({c}), '-', 1), 2, '0') "
    "when regexp_full_match(trim({c}), '[0-9]{4}-[0-9]{2}-[0-9]{2}') then replace(trim({c}), '-', '') "
    "else nullif(trim({c}), '') end"
)
"""`d-m-jjjj`, `jjjj-mm-dd` or `JJJJMMDD` to `JJJJMMDD`; anything else stays, for the rule to refuse."""

TIDY_COUNT = (
    "case when {c} is null then '.' when trim({c}) = '' then null else replace(rtrim(trim({c}), '*'), ',', '.') end"
)
"""A CBS count: blank cannot occur (NULL), `.` or a stored null is unknown (`.`); decimal comma and marks go."""

WHOLE_NUMBER = "{c} = '.' or regexp_full_match({c}, '[0-9]{1,9}([.]0+)?')"

FULL_DATE = (
    "length({c}) = 8 and try_cast("
    + "substr({c}, 1, 4) || '-' || substr({c}, 5, 2) || '-' || substr({c}, 7, 2)"
    + " as date) is not null"
)


def area_rule(level: str) -> str:
    """SQL: `{c}` is a code of the level that exists, in some known year, when it lies in this region."""
    return (
        f"regexp_full_match({{c}}, '{CODE[level]}') and "
        "('GM' || substr({c}, 3, 4) not in (select code from region) or {c} in (select code from area))"
    )


def as_date(column: str) -> str:
    """SQL: `JJJJMMDD` as a date; an unknown month counts as July, an unknown day as the 15th (the middle)."""
    month = f"replace(substr({column}, 5, 2), '00', '07')"
    day = f"replace(substr({column}, 7, 2), '00', '15')"
    return f"try_cast(substr({column}, 1, 4) || '-' || {month} || '-' || {day} as date)"


def age_at(birth_date: str, event: str) -> str:
    """SQL: whole years of age at the event."""
    return f"datesub('year', {as_date(birth_date)}, {as_date(event)})"
