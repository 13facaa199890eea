"""A region that always shows zeros: what everybody then knows of hidden counts. Apart from the protector's own code.

A hidden count is at least 1. Of a share the part may be 0 (0 of 3 is hidden for its whole), but then the whole is small.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from pipelines.audit.base_form import KEY, person_rows

Ints = NDArray[np.int64]


def mark_least(rows: pd.DataFrame, *, zeros_known: bool) -> pd.DataFrame:
    """Person rows with a column `least`: 1 where the row itself tells that its count is not 0."""
    of_share = rows["share"].astype(bool) & (rows["status"] == "hidden")
    return rows.assign(least=(rows["status"].isin(["hidden", "beside"]) & ~of_share & zeros_known).astype(int))


def least_of(counts: pd.DataFrame, rows: pd.DataFrame) -> Ints:
    """What each count of a form is known to be at least, from all rows that speak of it; shape (counts,)."""
    told = rows.groupby(KEY, as_index=False)["least"].max()
    found = counts[KEY].merge(told, on=KEY, how="left")["least"].fillna(0).to_numpy(dtype=np.int64)
    return np.asarray(np.where(counts["rest_of"].to_numpy(dtype=int) < 0, found, 0))


def hidden_shares(figures: pd.DataFrame, measures: pd.DataFrame, counts: pd.DataFrame) -> Ints:
    """Places of part and whole of every hidden share, shape (shares, 2)."""
    shares = measures.loc[measures["denominator_set"].notna(), "id"]
    hidden = figures[(figures["status"] == "hidden") & figures["indicator"].isin(shares)]
    rows = person_rows(hidden, measures)
    plain = counts[counts["rest_of"] < 0]
    at = rows[KEY].merge(plain[KEY].assign(at=plain.index), on=KEY, how="left")["at"].to_numpy(dtype=float)
    pairs = at.reshape(2, -1).T
    found: Ints = pairs[~np.isnan(pairs).any(axis=1)].astype(np.int64)
    return found


def find_hidden_zeros(true: Ints, hidden: NDArray[np.bool_], shares: Ints, limits: Ints) -> Ints:
    """Counts that are hidden and 0 where no zero may be; `hidden` by rows that are no share, shape (counts,)."""
    part, whole = true[shares[:, 0]], true[shares[:, 1]]
    wrong = shares[(part == 0) & ((whole == 0) | (whole >= limits[shares[:, 1]])), 0]
    return np.unique(np.concatenate([np.flatnonzero(hidden & (true == 0)), wrong]))


def find_telling(true: Ints, moves: csr_array, shares: Ints, limits: Ints) -> Ints:
    """Parts that are 0 of a whole that is not small in some witness: that would have been shown."""
    found = []
    for part, whole in shares[true[shares[:, 0]] == 0].tolist():
        nobody = moves[[part]].toarray()[0] == 0
        large = true[whole] + moves[[whole]].toarray()[0] >= limits[whole]
        found += [part] if (nobody & large).any() else []
    return np.array(sorted(set(found)), dtype=np.int64)
