"""Groups of suspects that hang together through shared offences. Only their sizes go on; nobody can be found in them."""

import numpy as np
import pandas as pd
import pyarrow as pa
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from pipelines.engine import Engine

_SCHEMA = pa.schema([("person_key", pa.int64()), ("year", pa.string()), ("size", pa.int64())])


def load_components(engine: Engine) -> None:
    """Make core.component of core.suspect_pair: one row per linked suspect and year, with the size of his group.

    SQL has no portable way to follow links to their end; the pairs are few (suspects with a shared offence).
    """
    pairs = engine.fetch("select * from core.suspect_pair order by year, offence, person_key")
    found = pairs.groupby("year", sort=True)[["person_key", "offence"]].apply(group_sizes).reset_index("year")
    rows = found[["person_key", "year", "size"]] if len(pairs) else None
    table = _SCHEMA.empty_table() if rows is None else pa.Table.from_pandas(rows, schema=_SCHEMA, preserve_index=False)
    engine.load("core.component", table)


def group_sizes(pairs: pd.DataFrame) -> pd.DataFrame:
    """person_key and size of the group: everybody that offences link, directly or through others.

    pairs  person_key, offence: who took part in what
    """
    person, persons = pd.factorize(pairs["person_key"])
    offence, offences = pd.factorize(pairs["offence"])
    size = len(persons) + len(offences)
    links = coo_array((np.ones(len(pairs)), (person, offence + len(persons))), shape=(size, size))
    label = connected_components(links, directed=False)[1][: len(persons)]
    return pd.DataFrame({"person_key": persons, "size": np.bincount(label)[label]})
