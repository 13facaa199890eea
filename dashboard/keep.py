"""What was made once from a publication need not be made again: kept by everything that it depends on.

A publication never changes, so the same choices give the same text for everyone. Only what nobody changes is kept:
texts, and tuples of them; never a frame. The key holds the file, so a new publication starts with nothing kept.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Final, TypeVar, cast

from dashboard.choose import View

T = TypeVar("T")
MOST: Final = 400  # each at most some tens of kB
_kept: OrderedDict[Hashable, object] = OrderedDict()
_lock = threading.Lock()


def keep(view: View, name: str, make: Callable[[], T], *more: Hashable) -> T:
    """What `make` makes for this view, made once.

    name, more   what else decides it besides the publication, the area, the year and the indicator
    """
    key = (view.publication.path, view.publication.build.id, view.area.code, view.year, view.indicator.id, name, *more)
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return cast("T", _kept[key])
    made = make()
    with _lock:
        _kept[key] = made
        while len(_kept) > MOST:
            _kept.popitem(last=False)
    return made
