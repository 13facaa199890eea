"""Links from one area to those around it and in it, for going down and sideways without a map. Pure HTML."""

from html import escape

from dashboard.choose import View, list_children, list_family, list_siblings
from dashboard.format import LEVEL_WORDS
from dashboard.links import draw_link, page_address

PROFILE = "gebiedsprofiel"
BELOW = {"region": "municipality", "municipality": "district", "district": "neighbourhood"}


def draw_neighbours(view: View) -> str:
    """The areas right below the chosen one, each a link to its profile; of a neighbourhood, those around it."""
    level = BELOW.get(view.area.level, "neighbourhood")
    codes = list_children(view) if view.area.level in BELOW else list_siblings(view, level)
    names = dict(zip(view.areas["code"], view.areas["name"], strict=True))
    links = [
        draw_link(page_address(PROFILE, gebied=view.area_names[code], jaar=view.year), names[code])
        for code in codes
        if code != view.area.code
    ]
    if not links:
        return ""
    where = "hierin" if view.area.level in BELOW else "hieromheen"
    words = LEVEL_WORDS[level][1 if len(links) > 1 else 0]
    summary = f"{len(links)} {words} {where}"
    body = "".join(f"<li>{link}</li>" for link in links)
    return f'<details class="jb-fold"><summary>{escape(summary)}</summary><ul class="jb-columns">{body}</ul></details>'


def draw_profile_link(view: View) -> str:
    """From a map or chart to everything about the chosen area."""
    name = view.area_names[view.area.code]
    link = draw_link(page_address(PROFILE, gebied=name, jaar=view.year), f"Alle cijfers van {name}")
    return f'<p class="jb-ways">{link}</p>'


def list_lenders(view: View, level: str) -> tuple[str, ...]:
    """Codes of the areas that a smoothed figure borrows from: neighbourhoods of one municipality, else the whole region."""
    if level != "neighbourhood":
        return tuple(view.areas.loc[view.areas["level"] == level, "code"])
    towns = [area.code for area in list_family(view) if area.level == "municipality"]
    return list_children(view, towns[0], level=level) if towns else list_children(view, level=level)
