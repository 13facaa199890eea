"""One supplier = `<name>.py` (the contract) and `<name>.sql` (from its rows to core tables)."""

from pipelines.contract import Contract
from pipelines.sources import (
    approaches,
    areas,
    halt,
    interventions,
    open_care,
    open_halt,
    open_leaving,
    open_suspects,
    police_open,
    police_suspects,
    population,
    population_age,
    programme,
    school_absence,
    school_leaving,
    youth_care,
    youth_groups,
)

_APPROACHES = (approaches, youth_groups, interventions, programme)
_OPEN = (population_age, open_suspects, open_halt, open_care, open_leaving)
CONTRACTS: dict[str, Contract] = {
    module.CONTRACT.source: module.CONTRACT
    for module in (
        areas,
        population,
        *_OPEN,
        police_open,
        police_suspects,
        halt,
        school_absence,
        school_leaving,
        youth_care,
        *_APPROACHES,
    )
}
"""Every source by its folder name, in the order in which they are loaded (areas first: codes are checked on them)."""
