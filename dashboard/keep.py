"""What was made once from a publication need not be made again: kept by everything that it depends on.

A publication never changes, so the same choices give the same text and the same charts for everyone. The key holds the
file, so a new publication starts with nothing kept. Whatever else decides what is made (another choice on the page)
belongs in the key too; what a visitor typed or may change, and what stands outside the publication, is never kept. The
day that not everybody may see the same, who looks belongs in the key as well: `_name` is the place.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Final, TypeVar, cast

import streamlit as st

from dashboard.choose import View

T = TypeVar("T")
MOST: Final = 400  # each at most some tens of kB
MOST_BYTES: Final = 100_000_000
_kept: OrderedDict[Hashable, object] = OrderedDict()
_lock = threading.Lock()


def keep(view: View, name: str, make: Callable[[], T], *more: Hashable) -> T:
    """What `make` makes for this view, made once. Only what nobody changes: texts, tuples of them, a drawn map; never a frame.

    name, more   what else decides it besides the publication, the area, the year and the indicator
    """
    key = _name(view, name, more)
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


def draw_once(view: View, name: str, draw: Callable[[], T], *more: Hashable) -> T:
    """Draw a part of the page without anything to choose in it; the second time its elements are sent as they were.

    name, more   what else decides it besides the publication, the area, the year and the indicator
    returns      what `draw` returned, a copy of its own for everyone
    """
    return cast("T", _draw_or_send(_name(view, name, more), draw))


def load_once(view: View, name: str, load: Callable[[], T], *more: Hashable) -> T:
    """What `load` works out for this view: a copy of its own for everyone, so that it may be a frame."""
    return draw_once(view, name, load, *more)


def _name(view: View, name: str, more: tuple[Hashable, ...]) -> tuple[Hashable, ...]:
    return (view.publication.path, view.publication.build.id, view.area.code, view.year, view.indicator.id, name, *more)


@st.cache_data(max_size=MOST_BYTES, show_spinner=False)
def _draw_or_send(key: tuple[Hashable, ...], _draw: Callable[[], object]) -> object:
    return _draw()
