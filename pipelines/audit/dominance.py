"""Dominance once more, from the cells and the indicators' text: which counts one contributor makes up nearly all of.

Apart from the protector's own code. The promise (docs/adr/0008): outside, the count may be so low and so high that what
the largest contributor brings cannot be estimated from it closer than the share that the region asked for.
"""

from math import ceil, floor

import numpy as np
import pandas as pd

from pipelines.audit.base_form import KEY, person_rows

Spans = dict[int, tuple[int, int]]


def find_spans(joined: pd.DataFrame, measures: pd.DataFrame, counts: pd.DataFrame) -> Spans:
    """Place of each dominated count -> the values that must be possible at both ends.

    joined  figures beside their cells: numerator_true, and largest where somebody asked
    """
    if "largest" not in joined or "dominance" not in measures:
        return {}
    share = joined["indicator"].map(measures.set_index("id")["dominance"]).astype(float)
    counted = joined["status"].isin(["shown", "hidden"])
    ruled = counted & (joined["largest"] > 0) & (joined["largest"] >= share * joined["numerator_true"])
    rows = joined[ruled]
    if rows.empty:
        return {}
    keys = person_rows(rows, measures).iloc[: len(rows)][KEY].reset_index(drop=True)
    told = keys.assign(largest=rows["largest"].to_numpy(dtype=float), share=share[ruled].to_numpy())
    plain = counts[counts["rest_of"] < 0]
    placed = told.merge(plain[KEY].assign(at=plain.index), on=KEY)
    found: Spans = {}
    for at, largest, part in zip(placed["at"], placed["largest"], placed["share"], strict=True):
        low, high = found.get(int(at), (np.iinfo(np.int64).max, 0))
        found[int(at)] = min(low, max(1, floor(largest * part))), max(high, ceil(largest / part))
    return found


def spans_kept(truth: pd.DataFrame, counts: pd.DataFrame) -> Spans:
    """The same of an earlier publication, as it was kept beside its counts; none where it was not."""
    if not {"low", "high"} <= set(truth.columns):
        return {}
    kept = truth.loc[truth["high"] >= 0, [*KEY, "low", "high"]].drop_duplicates(KEY)
    plain = counts[counts["rest_of"] < 0]
    placed = plain[KEY].assign(at=plain.index).merge(kept, on=KEY)
    return {int(at): (int(low), int(high)) for at, low, high in placed[["at", "low", "high"]].to_numpy()}
