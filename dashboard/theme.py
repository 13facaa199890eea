"""Colours and type of every chart, once. The style sheet (static/style.css) repeats the few it needs.

No red and no green: higher is not worse. A colour never speaks alone; the word is always beside it.
"""

from typing import Final

PRIMARY: Final = "#154273"
INK: Final = "#1b2733"
MUTED: Final = "#4d5b69"
GRID: Final = "#dfe5ec"
PAPER: Final = "#ffffff"
BAND: Final = "#d9e5f2"
BAR: Final = "#4f7fb5"
FLOW: Final = "#b8d0e9"
HIDDEN: Final = "#d4d4d4"
HIDDEN_EDGE: Final = "#6b6b6b"
# What stands on a map for a figure without a number; the style sheet gives the same states the same tints in tables.
STATE_FILLS: Final = {"hidden": HIDDEN, "missing": "#ffffff", "not_delivered": "#f8f1df", "impossible": "#f1f3f6"}
FONT: Final = '"Source Sans", "Source Sans Pro", sans-serif'

# At least 3:1 on white, and told apart by marker as well as by colour.
SERIES: Final = ("#154273", "#b35900", "#0b7a75", "#8e2f7f", "#5b6b7b", "#7a5c00", "#3f6ad8", "#4a2c6b")
MARKERS: Final = ("circle", "square", "diamond", "triangle-up", "x", "star", "cross", "triangle-down")

# From zero upward; zero is a colour of the scale, never the colour of "hidden".
# Light enough at the top to read a dark name on it.
SCALE: Final = ("#eef4fb", "#d6e4f3", "#b8d0e9", "#97bbdd", "#75a3cf", "#5089bd")
