"""Youth care: one row per spell of help, protection or probation, as providers report it to CBS (policy information).

A delivery of a period holds every spell that ran in it, so one spell stands in the files of all the years it touches.
The municipality is the one that is responsible (residence principle), not where the young person sleeps. That is why a
postcode says nothing here: it is dropped, and never more than its four digits may arrive.
"""

from pipelines.contract import Column, Contract, RowRule
from pipelines.sources import sql
from pipelines.sources.persons import BIRTH_DATE, FAMILY, PERSON, SEX, date_column

KINDS = {
    "help": ("jeugdhulp", "jh"),
    "protection": ("jeugdbescherming", "jb"),
    "probation": ("jeugdreclassering", "jr"),
}
"""Our kinds of care -> what suppliers write (any case)."""
FORMS = {
    "help": {
        "01": "neighbourhood team", "02": "ambulatory", "03": "day care", "04": "in the own network",
        "11": "foster care", "12": "family-like", "13": "closed", "14": "other stay",
    },
    "protection": {
        "11": "supervision order", "12": "provisional supervision order",
        "21": "guardianship", "22": "provisional guardianship", "23": "temporary guardianship",
    },
    "probation": {
        "41": "supervision", "42": "voluntary supervision", "50": "ITB hard core", "51": "ITB Criem",
        "61": "behavioural measure", "62": "training programme", "63": "after-care programme",
    },
}  # fmt: skip
"""Code of the form or type, for each kind of care: `11` is foster care as help, a supervision order as protection."""
REFERRERS = {
    "01": "municipality", "02": "gp", "03": "youth_doctor", "04": "certified", "05": "specialist", "06": "nobody",
    "07": "unknown",
}  # fmt: skip
"""Referrer's code -> our kind (labels in data/reference/labels.csv)."""
END_REASONS = {
    "01": "as planned", "02": "early, by agreement", "03": "early, by the client", "04": "early, by the provider",
    "05": "early, by an outside cause",
}  # fmt: skip

_TIDY_CODE = "lpad(nullif(regexp_replace(trim({c}), '[.,]0$', ''), ''), 2, '0')"
"""`1`, `1.0` and `01` are the same code: a spreadsheet drops the zero in front."""
_OF_ITS_KIND = " or ".join(
    f"kind = '{kind}' and form in ({', '.join(repr(code) for code in codes)})" for kind, codes in FORMS.items()
)


def _code_column(name: str, meaning: str, rule: str, codes: dict[str, str], header: str, *, empty: bool) -> Column:
    return Column(
        name=name,
        meaning=meaning,
        rule=rule,
        check=f"{{c}} in ({', '.join(repr(code) for code in codes)})",
        headers=(header,),
        tidy=_TIDY_CODE,
        empty=empty,
    )


def _kind_cases() -> str:
    return " ".join(f"when '{word}' then '{kind}'" for kind, words in KINDS.items() for word in words)


CONTRACT = Contract(
    source="youth_care",
    title="Jeugdhulp, jeugdbescherming en jeugdreclassering",
    supplier="Jeugdzorgaanbieders en gecertificeerde instellingen",
    desk="the youth care data desk",
    persons=True,
    event="(substr(begin_date, 1, 4) || '1231')",
    period_column="begin_date",
    retention_column="end_date",
    columns=(
        PERSON,
        BIRTH_DATE,
        SEX,
        Column(
            name="home_postcode",
            meaning="postcode of the young person; not used and never kept: the municipality decides",
            rule="the four digits of a postcode, never its letters",
            check="regexp_full_match({c}, '[1-9][0-9]{3}')",
            headers=("postcode",),
            aliases=("pc4", "woonpostcode"),
            required=False,
            personal="drop",
        ),
        Column(
            name="home_municipality",
            meaning="municipality that is responsible, by the residence principle of the Youth Act",
            rule="a CBS municipality code (GM + 4 digits)",
            check=f"regexp_full_match({{c}}, '{sql.CODE['municipality']}')",
            headers=("woongemeente",),
            aliases=("gemeente", "gemeente woonplaatsbeginsel"),
            empty=False,
        ),
        Column(
            name="kind",
            meaning="kind of care",
            rule="jeugdhulp, jeugdbescherming or jeugdreclassering",
            check=f"{{c}} in ({', '.join(repr(kind) for kind in KINDS)})",
            headers=("soort",),
            aliases=("soort zorg",),
            tidy=f"case lower(trim({{c}})) {_kind_cases()} else nullif(trim({{c}}), '') end",
            empty=False,
        ),
        _code_column(
            "form",
            "form of help, or type of measure",
            "a code of the policy information youth",
            {code: meaning for codes in FORMS.values() for code, meaning in codes.items()},
            "vorm",
            empty=False,
        ),
        _code_column("referrer", "who referred", "a referrer, 01 to 07", REFERRERS, "verwijzer", empty=True),
        date_column("begin_date", "first day of the spell", "begin"),
        date_column("end_date", "last day of the spell; empty while it runs", "einde", empty=True),
        _code_column("end_reason", "why it ended", "a reason, 01 to 05", END_REASONS, "reden einde", empty=True),
        FAMILY,
    ),
    rows=(
        RowRule(
            name="birth_date",
            rule="0 to 22 years old on the first day",
            check=f"{sql.age_at('birth_date', 'begin_date')} between 0 and 22",
        ),
        RowRule(name="form", rule="a form of its own kind of care", check=f"({_OF_ITS_KIND})"),
        RowRule(name="end_date", rule="not before the first day", check="end_date >= begin_date"),
        RowRule(
            name="end_reason",
            rule="empty while the spell runs",
            check="end_reason is null or end_date is not null",
        ),
    ),
    keep=f"not {sql.outside('home_municipality')}",
    unique=("person", "kind", "form", "begin_date"),
)  # fmt: skip
