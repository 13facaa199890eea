"""x"""
from dashboard.choose import View


def draw(view: View) -> None:
    """The whole page."""
