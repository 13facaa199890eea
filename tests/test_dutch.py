"""Streamlit's own words, read from the installed bundle: those a visitor can meet are in our dictionary."""

import re
from pathlib import Path

import streamlit

BUNDLE = Path(streamlit.__file__).parent / "static" / "static" / "js"
DICTIONARY = (Path(__file__).parents[1] / "dashboard" / "static" / "nl.js").read_text(encoding="utf-8")
# The widgets of our pages, and the shell around them.
USED = (
    *("index", "Selectbox", "Multiselect", "TextInput", "TextArea", "InputInstructions", "Radio", "Button", "Table"),
    *(
        "DownloadButton",
        "PlotlyChart",
        "Toolbar",
        "WidgetLabel",
        "requiredField",
        "useTextField",
        "withFullScreenWrapper",
    ),
)
# Of a developer's menu, of hosting, of a chat and of themes to choose: closed here (toolbarMode, one theme).
NEVER = re.compile(
    r"Deploy|deploy|platform|Community|Snowflake|Skills|trial|Step \d|Git |GitHub|private apps|public apps|authentication"
    r"|community|Enterprise|enterprise|hobbies|free$|ChatGPT|Google|Shortcut|Chat message|Dialog type|Next steps|WebM|^Alt$"
    r"|Alien Monster|^Happy$|commit the latest|Learn how"
)
WORDS = re.compile(
    r'(?:"aria-label"|ariaLabel|title|placeholder|children|label|content|alt|tooltip|text):(?:"([A-Z][^"\\]{2,90})"|`([A-Z][^`\\]{2,90})`)'
)


def find_words() -> set[str]:
    """What these parts can put on the screen or say, as it stands in the bundle."""
    files = [file for file in BUNDLE.glob("*.js") if file.name.split(".")[0] in USED]
    assert {file.name.split(".")[0] for file in files} == set(USED)  # a part that moved would be read no more
    texts = [file.read_text(encoding="utf-8") for file in files]
    found = {match[1] or match[2] for text in texts for match in WORDS.finditer(text)}
    return {words for words in found if re.search("[a-z]", words) and not NEVER.search(words)}


def is_translated(words: str) -> bool:
    """In the dictionary as it is, or by one of its patterns when a part of it is filled in."""
    if f'"{words}":' in DICTIONARY:
        return True
    patterns = [re.compile(source) for source in re.findall(r"^\s+\[/(.+?)/, ", DICTIONARY, flags=re.MULTILINE)]
    filled = re.sub(r"\$\{[^}]*\}", "3", words)
    return any(pattern.match(filled) for pattern in patterns)


def test_every_word_of_streamlit_that_a_visitor_can_meet_is_in_the_dictionary() -> None:
    found = find_words()
    assert len(found) > 30
    assert sorted(words for words in found if not is_translated(words)) == []


def test_a_word_that_is_not_in_the_dictionary_is_noticed() -> None:
    assert not is_translated("Brew coffee")
    assert is_translated("Remove ${e}")


def test_no_word_is_translated_by_itself() -> None:
    pairs = re.findall(r'^    "([^"]+)": "([^"]+)",$', DICTIONARY, flags=re.MULTILINE)
    assert len(pairs) > 80
    same = [(english, dutch) for english, dutch in pairs if english == dutch]
    assert same == [("Stop", "Stop")]
