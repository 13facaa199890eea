"""Programme: one row per project or milestone, with who owns it and how it stands. No persons."""

from pipelines.contract import Column, Contract
from pipelines.sources.interventions import project_column
from pipelines.sources.persons import date_column

STATES = {"gepland": "planned", "loopt": "running", "klaar": "done", "vertraagd": "late", "gestopt": "stopped"}
"""How a project stands, as delivered -> our word."""
_STATE_CASES = " ".join(f"when '{dutch}' then '{state}'" for dutch, state in STATES.items())

CONTRACT = Contract(
    source="programme",
    title="Projecten en mijlpalen",
    supplier="Programmabureau",
    desk="the programme office",
    columns=(
        project_column(empty=False),
        Column(
            name="milestone",
            meaning="the milestone; empty when the row is about the project itself",
            rule="a name of at most 80 characters",
            check="length({c}) <= 80",
            headers=("mijlpaal",),
        ),
        Column(
            name="board",
            meaning="the board that owns it",
            rule="a name of at most 80 characters",
            check="length({c}) <= 80",
            headers=("eigenaar", "bestuur"),
            empty=False,
        ),
        Column(
            name="status",
            meaning="how it stands",
            rule="gepland, loopt, klaar, vertraagd or gestopt",
            check=f"{{c}} in {tuple(STATES.values())}",
            headers=("status",),
            tidy=f"case lower(trim({{c}})) {_STATE_CASES} else nullif(trim({{c}}), '') end",
            empty=False,
        ),
        date_column("on_date", "day of the milestone, or of this status", "datum"),
    ),
    unique=("project", "milestone"),
)
