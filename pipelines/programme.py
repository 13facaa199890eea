"""What the programmes do, as open tables beside the figures: projects and milestones, interventions, and which
indicators serve which part of which programme. No persons in any of them.
"""

from collections.abc import Sequence

import pandas as pd

from pipelines.engine import Engine
from pipelines.indicators.model import Indicator
from pipelines.indicators.programmes import PARTS, PROGRAMMES, link_programmes

_PROJECTS = "select project, milestone, board, status, on_date from core.programme order by project, on_date, milestone"
_INTERVENTIONS = """
select name, period, type, project, approach, municipalities, neighbourhoods, target_ages, start_date, end_date, participants, indicator
from core.intervention order by name, start_date, period
"""


def programme_tables(engine: Engine, catalogue: Sequence[Indicator]) -> dict[str, pd.DataFrame]:
    """Published tables `project`, `intervention`, `programme_part` and `programme_link`.

    engine  holds core.programme and core.intervention; participants below the threshold are NULL there already
    """
    parts = {part.code: part for part in PARTS}
    projects = engine.fetch(_PROJECTS)
    projects.insert(0, "programme", [parts[code].programme for code in projects["project"]])
    listed = [(part.programme, PROGRAMMES[part.programme], part.code, part.title) for part in PARTS]
    return {
        "project": projects,
        "intervention": engine.fetch(_INTERVENTIONS).astype({"participants": "Int64"}),
        "programme_part": pd.DataFrame(listed, columns=["programme", "programme_title", "part", "title"]),
        "programme_link": pd.DataFrame(link_programmes(catalogue), columns=["programme", "part", "indicator"]),
    }
