"""A visitor without a mouse: every step is a key press, and after each it must be seen where the keyboard is.

Nothing here clicks, moves the focus or changes the page in another way. What stands on the page is read freely.
"""

from dataclasses import dataclass, field
from typing import Any, Final

from playwright.sync_api import CDPSession

from tests.browser import Visit

MOST_TABS: Final = 60
"""More presses than this to one thing: nobody would call that reachable."""

MARKED: Final = """() => {
    const light = text => {
        const [red, green, blue, seen = 1] = text.match(/[\\d.]+/g).map(Number);
        const part = one => { const c = (one * seen + 255 * (1 - seen)) / 255; return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; };
        return 0.2126 * part(red) + 0.7152 * part(green) + 0.0722 * part(blue);
    };
    const strong = one => {
        const look = getComputedStyle(one);
        return look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) >= 2 && 1.05 / (light(look.outlineColor) + 0.05) >= 3;
    };
    let marked = document.activeElement;
    for (let up = 0; marked && !strong(marked) && up < 5; up++) marked = marked.parentElement;
    if (!marked || !strong(marked)) return 'no outline of 2 pixels that stands out';
    const box = marked.getBoundingClientRect();
    const [left, right] = [Math.max(box.left, 0), Math.min(box.right, innerWidth)];
    const [top, bottom] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)];
    if (left >= right || top >= bottom) return 'outside the screen';
    const over = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    return marked.contains(over) || over?.contains(marked) ? '' : 'covered by ' + over?.outerHTML.slice(0, 120);
}"""
"""Why it is not seen where the keyboard is; '' when it is: an outline of contrast 3 with white, on the screen, under nothing."""


@dataclass(kw_only=True)
class Keyboard:
    """The keys of one visit, and how often each was pressed."""

    seen: Visit
    pressed: dict[str, int] = field(default_factory=dict)
    reader: CDPSession = field(init=False)

    def __post_init__(self) -> None:
        self.reader = self.seen.page.context.new_cdp_session(self.seen.page)

    def press(self, key: str) -> None:
        """One key."""
        self.pressed[key] = self.pressed.get(key, 0) + 1
        self.seen.page.keyboard.press(key)

    def type(self, text: str) -> None:
        """Letters, one by one."""
        self.seen.page.keyboard.type(text)

    def read_focus(self) -> tuple[str, str]:
        """Role and name of where the keyboard is, as the browser tells them to a screen reader."""
        found = self.reader.send("Runtime.evaluate", {"expression": "document.activeElement"})
        asked = {"objectId": found["result"]["objectId"], "fetchRelatives": False}
        node: dict[str, Any] = self.reader.send("Accessibility.getPartialAXTree", asked)["nodes"][0]
        return str(node.get("role", {}).get("value", "")), str(node.get("name", {}).get("value", ""))

    def tab_to(self, role: str, name: str, *, back: bool = False) -> None:
        """Press Tab until the keyboard is there; the end of a name may be left out."""
        passed = list[str]()
        for _ in range(MOST_TABS):
            self.press("Shift+Tab" if back else "Tab")
            at = self.read_focus()
            if at[0] == role and at[1].startswith(name):
                return self.check_mark()
            passed.append(" ".join(at)[:60])
        raise AssertionError(f"{MOST_TABS} presses of Tab do not reach {role} {name!r}; they pass {passed}")

    def check_mark(self) -> None:
        """It must be seen where the keyboard is."""
        self.seen.page.wait_for_timeout(100)  # a browser scrolls after the focus has moved
        hidden = self.seen.page.evaluate(MARKED)
        assert not hidden, f"{self.read_focus()}: {hidden}"

    def arrow_to(self, key: str, name: str, *, most: int = 30) -> None:
        """Press an arrow until the keyboard is at that item of a menu or that one of a few choices."""
        passed = list[str]()
        for _ in range(most):
            if self.read_focus()[1] == name:
                return self.check_mark()
            passed.append(self.read_focus()[1])
            self.press(key)
            self.seen.settle()
        raise AssertionError(f"{key} does not reach {name!r}; it passes {passed}")

    def open_page(self, title: str, *, section: str = "Overzicht") -> None:
        """Go to another page by the bar at the top."""
        self.tab_to("button", section)
        self.press("Enter")
        self.seen.page.get_by_role("menuitem", name=title, exact=True).wait_for()
        with self.seen.answering():
            self.arrow_to("ArrowDown", title)
            self.press("Enter")

    def skip_to_content(self) -> None:
        """From the top of a page past the bar, by the link that only the keyboard meets."""
        self.tab_to("link", "Ga naar de inhoud")
        self.press("Enter")
        assert self.read_focus()[0] == "main"
        self.check_mark()

    def pick(self, option: str) -> None:
        """Type what to choose in the box where the keyboard is, and take it from the list."""
        self.type(option)
        self.seen.page.get_by_role("option", name=option, exact=True).wait_for()
        for _ in range(20):
            if self.read_active() == option:
                break
            self.press("ArrowDown")
        assert self.read_active() == option
        self.press("Enter")

    def read_active(self) -> str:
        """The option that Enter would take."""
        words = "document.getElementById(document.activeElement.getAttribute('aria-activedescendant'))?.innerText || ''"
        return str(self.seen.page.evaluate(words))

    def choose(self, label: str, option: str, *, back: bool = False) -> None:
        """Another option of a select box."""
        self.tab_to("combobox", label, back=back)
        with self.seen.answering():
            self.pick(option)
        assert self.seen.chosen(label) == option

    def follow(self, name: str, *, back: bool = False) -> None:
        """A link on the page to another page of ours."""
        self.tab_to("link", name, back=back)
        with self.seen.answering():
            self.press("Enter")

    def download(self, button: str) -> tuple[str, bytes]:
        """Name and content of a file behind a button."""
        self.tab_to("button", button)
        with self.seen.page.expect_download() as waiting:
            self.press("Enter")
        return waiting.value.suggested_filename, waiting.value.path().read_bytes()
