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

WHOLE_NUMBER = "{c} = '.' or regexp_full_match({c}, '[0-9]{1,9}([.]0{1,2})?')"

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


def outside(area: str) -> str:
    """SQL: a well-formed code of an area outside this region; a badly written code is never outside."""
    return (
        f"(regexp_full_match({area}, 'GM[0-9]{{4}}|WK[0-9]{{4}}[0-9A-Z]{{2}}|BU[0-9]{{4}}[0-9A-Z]{{4}}')"
        f" and 'GM' || substr({area}, 3, 4) not in (select code from region)"
        f" or regexp_full_match({area}, '[A-Z]{{2}}[A-Z0-9]{{2}}') and substr({area}, 1, 2) not in ('GM', 'WK', 'BU'))"
    )


def elsewhere(name: str) -> str:
    """SQL: the municipality of home or offence (else of its neighbourhood) lies outside this region."""
    return outside(f"coalesce({name}_municipality, {name}_neighbourhood)")


def unknown_place(name: str) -> str:
    """SQL: neither municipality nor neighbourhood is given."""
    return f"(coalesce({name}_municipality, {name}_neighbourhood) is null)"


def as_date(column: str) -> str:
    """SQL: `JJJJMMDD` as a date; an unknown month counts as July, an unknown day as the 15th (the middle)."""
    month = f"replace(substr({column}, 5, 2), '00', '07')"
    day = f"replace(substr({column}, 7, 2), '00', '15')"
    return f"try_cast(substr({column}, 1, 4) || '-' || {month} || '-' || {day} as date)"


def age_at(birth_date: str, event: str) -> str:
    """SQL: whole years of age at the event."""
    return f"datesub('year', {as_date(birth_date)}, {as_date(event)})"
