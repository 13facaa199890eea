"""One supplier = `<name>.py` (the contract) and `<name>.sql` (from its rows to core tables)."""

from pipelines.contract import Contract
from pipelines.sources import areas, halt, police_open, police_suspects, population

CONTRACTS: dict[str, Contract] = {
    module.CONTRACT.source: module.CONTRACT for module in (areas, population, police_open, police_suspects, halt)
}
"""Every source by its folder name, in the order in which they are loaded (areas first: codes are checked on them)."""
