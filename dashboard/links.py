"""Links between our own pages, with the choices in the address. Pure.

Relative, so that they hold under any address of the server. A choice is written as the screen says it: the title of a
figure, the name of an area.
"""

from html import escape
from urllib.parse import urlencode


def page_address(page: str, **choices: str) -> str:
    """'./kaart?gebied=Velsen'; empty choices are left out."""
    query = urlencode({name: value for name, value in choices.items() if value})
    return f"./{page}?{query}" if query else f"./{page}"


def draw_link(address: str, text: str, *, about: str = "") -> str:
    """A link in HTML; `about` is heard but not seen, for links that look the same beside each other."""
    unseen = f'<span class="jb-unseen"> {escape(about)}</span>' if about else ""
    return f'<a class="jb-link" href="{escape(address, quote=True)}" target="_self">{escape(text)}{unseen}</a>'


def draw_headline(title: str, address: str, text: str) -> str:
    """A heading with a way onward at the end of its line."""
    return f'<div class="jb-headline"><h3>{escape(title)}</h3>{draw_link(address, text)}</div>'


def draw_short_link(address: str, text: str) -> str:
    """A link in a table of many: the look comes from the table, the context from its row."""
    return f'<a href="{escape(address, quote=True)}" target="_self">{escape(text)}</a>'
