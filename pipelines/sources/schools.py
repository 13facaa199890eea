"""Columns that deliveries about schools have in common (DUO writes them)."""

from pipelines.contract import Column
from pipelines.sources import sql

EDUCATION = {
    "po": "primary",
    "sbo": "special",
    "so": "special",
    "vso": "special",
    "vo": "secondary",
    "vavo": "adult_secondary",
    "mbo-1": "vocational_1",
    "mbo-2": "vocational_2",
    "mbo-3": "vocational_3_4",
    "mbo-4": "vocational_3_4",
}
"""DUO's type of education -> ours; adult_secondary is general secondary education for adults."""

_CASES = " ".join(f"when '{dutch}' then '{kind}'" for dutch, kind in EDUCATION.items())

SCHOOL = Column(
    name="school",
    meaning="school: BRIN (2 digits, 2 letters) and branch (2 digits); never published",
    rule="a BRIN and branch: 2 digits, 2 letters, 2 digits",
    check="regexp_full_match({c}, '[0-9]{2}[A-Z]{2}[0-9]{2}')",
    headers=("brin en vestiging",),
    tidy="nullif(upper(replace(replace(trim({c}), ' ', ''), '-', '')), '')",
)
SCHOOL_MUNICIPALITY = Column(
    name="school_municipality",
    meaning="municipality of the school",
    rule="a CBS municipality code (GM + 4 digits)",
    check=f"regexp_full_match({{c}}, '{sql.CODE['municipality']}')",
    headers=("schoolgemeente",),
)
EDUCATION_TYPE = Column(
    name="education",
    meaning="type of education",
    rule="one of DUO's types: " + ", ".join(EDUCATION),
    check=f"{{c}} in ({', '.join(repr(kind) for kind in sorted(set(EDUCATION.values())))})",
    headers=("onderwijssoort",),
    tidy=f"case lower(replace(trim({{c}}), ' ', '-')) {_CASES} else nullif(trim({{c}}), '') end",
)
