"""What must hold for every page in every state: no violation, nothing wider than the screen, words and a table with each chart."""

import re
from collections.abc import Sequence
from typing import Any

from axe_playwright_python.sync_playwright import Axe

from tests.browser import Visit

RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]},
    "resultTypes": ["violations"],
}
SHORTEST = 40
CHARTS = """() => [...document.querySelectorAll('[data-testid=stPlotlyChart]')].map(chart => ({
    words: chart.getAttribute('aria-label') || '', role: chart.getAttribute('role'),
    traces: chart.querySelector('.js-plotly-plot').data.map(t => {
        const {xaxis, yaxis} = chart.querySelector('.js-plotly-plot').layout;
        const places = [xaxis?.tickvals && t.x, yaxis?.tickvals && t.y];  // an axis of names: where a row stands
        return {type: t.type || 'scatter', mode: t.mode || '', filled: !!t.fill && t.fill !== 'none',
            numbers: [t.x, t.y, t.showscale === false ? [] : t.z, t.link?.value].map(a => a && !places.includes(a) ? Array.from(a) : [])};
    }),
}))"""
CELLS = """() => [...document.querySelectorAll('[data-testid=stMain] :is(td, th, li, .jb-small figcaption)')].map(e => e.textContent)"""
SCREENS = "[document.documentElement, document.querySelector('[data-testid=stMain]')]"


def find_violations(seen: Visit) -> list[str]:
    """What axe finds against WCAG 2.1 A and AA."""
    if not seen.page.evaluate("'axe' in window"):
        seen.page.evaluate(Axe().axe_script)
    found = seen.page.evaluate("rules => axe.run(document, rules).then(done => done.violations)", RULES)
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found]


def measure_overflow(seen: Visit) -> int:
    """How many pixels the page is wider than the screen."""
    return int(seen.page.evaluate(f"Math.max(...{SCREENS}.map(e => e.scrollWidth - e.clientWidth))"))


def find_bare_charts(seen: Visit) -> list[str]:
    """Charts without words for who does not see them, and drawn numbers that stand in no table or list of the page."""
    told = [number for cell in seen.page.evaluate(CELLS) for number in read_numbers(cell)]
    return [problem for chart in seen.page.evaluate(CHARTS) for problem in judge_chart(chart, told)]


def judge_chart(chart: dict[str, Any], told: Sequence[tuple[float, float]]) -> list[str]:
    """What lacks of one chart.

    told  numbers of the tables and half of their last place
    """
    words = chart["words"]
    problems = [] if chart["role"] in ("figure", "img") and len(words) >= SHORTEST else [f"no words: {words!r}"]
    drawn = {number for trace in chart["traces"] for number in list_drawn(trace)}
    lost = [number for number in drawn if not any(abs(number - one) <= half for one, half in told)]
    return problems + ([f"{words[:40]}: in no table: {sorted(lost)[:5]}"] if lost else [])


def list_drawn(trace: dict[str, Any]) -> list[float]:
    """The numbers of bars, points, areas and flows; bands and lines without points are margins and limits."""
    if trace["filled"] or (trace["type"] == "scatter" and "markers" not in trace["mode"]):
        return []
    return [
        float(one)
        for numbers in trace["numbers"]
        for one in numbers
        if isinstance(one, int | float) and not isinstance(one, bool) and numbers != list(range(len(numbers)))
    ]


def read_numbers(text: str) -> list[tuple[float, float]]:
    """'1.847 van 42,5 %' -> (1847, 0.5) and (42.5, 0.05): each number and half of its last place."""
    words = re.findall(r"\d[\d.]*(?:,\d+)?", text)
    plain = [word.replace(".", "").replace(",", ".") for word in words]
    return [(float(one), 0.5 * 10 ** -len(one.partition(".")[2]) + 1e-6) for one in plain]
