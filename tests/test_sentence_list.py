"""Every text of the product in one file, read: none claims a cause, none orders areas, and 'niet te zien' is not 'gelijk'.

Renew docs/sentences.md after a change that is meant: `make snapshots`, read the new lines aloud, commit them with the change.
"""

import os
import re

import pytest

from tests.sentence_list import FILE, draw_list, list_sentences, literals, read_text
from tests.test_sentences import NEVER

LISTED = list_sentences()
SAID = [(place, text) for place, texts in LISTED.items() for text in texts]
MOST_WORDS = 25
CAUSE = (
    r"\bdoordat\b", r"(?<!geen )\boorzaak\b", r"\bleidt tot\b", r"\bzorgt (er)?voor\b", r"\bkomt door\b", r"\bhelpt\b", r"\bdoor corona\b",
    r"\b(heeft|had) effect\b", r"\bhet effect van\b", r"(?<!niet bewezen dat het )\bdoor die interventie\b",
)  # fmt: skip
ORDER = (
    r"\b(hoogste|laagste|meeste|minste|beste|slechtste|veiligste) (gebied|buurt|wijk|gemeente)", r"\bscoort\b", r"\bkoploper", r"\bkopgroep",
    r"\b(eerste|laatste|\d+e) plaats\b", r"\bplaats {…} van\b", r"\bachterblijv", r"\bgunstigst", r"\bongunstigst",
)  # fmt: skip
GUILT = (
    r"\bdader",
    r"\b(pleegde|pleegden|handelden)\b",
    r"\bcrimine(el|le) (jongere|gezin)",
    r"\bprobleem(gebied|gezinnen)",
)
JARGON = (
    r"\bbenchmark", r"\bmediaan", r"\bpercentiel", r"\bvariantie", r"\bstandaarda", r"\btarief", r"\bratio\b", r"\brobuust", r"\boutlier", r"\bbaseline",
    r"\bincidentie", r"\bprevalentie", r"\btoets(en)?\b", r"\bregressie", r"\b(the|must|from|are|has|have|with|cannot|build|default|delta)\b",
)  # fmt: skip
EQUAL = r"\b(gelijk|evenveel|even (hoog|laag|vaak)|onveranderd|hetzelfde niveau)\b"
RULED_OUT = {
    "gelijk gebleven",
    "Het cijfer {title} is in {area} ongeveer gelijk gebleven van {first} tot en met {last}.",
    "Het cijfer {title} is in {area} niet gelijk gebleven. Van {first} tot en met {last} veranderde het duidelijk.",
    "Evenveel als in {year}.",
    "evenveel cellen als de kopregel",
}
"""A change was ruled out, or two whole numbers are the same: of inhabitants, of cells in a file."""
GIVEN_NAMES = re.compile(r"generatieproblematiek in criminele gezinnen$")
"""What a programme calls its own part; we do not rename it."""
RECKONING = re.compile(r"betrouwbaarheidsinterval .*p = {p}")
"""For who wants to see the reckoning, folded away."""


def _found(words: tuple[str, ...]) -> list[tuple[str, str, str]]:
    return [
        (place, word, text)
        for place, text in SAID
        for word in words
        if re.search(word, re.sub(r"{\w+}", "{…}", text), re.IGNORECASE) and not _is_left(text)
    ]


def _is_left(text: str) -> bool:
    return bool(RECKONING.search(text) or GIVEN_NAMES.search(text))


def test_the_list_is_what_the_code_says() -> None:
    drawn = draw_list(LISTED)
    if os.environ.get("JEUGDBEELD_SNAPSHOTS") == "renew":
        FILE.write_text(drawn, encoding="utf-8")
    assert FILE.read_text(encoding="utf-8") == drawn, (
        "renew docs/sentences.md with `make snapshots`, and read what is new"
    )


@pytest.mark.parametrize(
    "words", [NEVER, CAUSE, ORDER, GUILT, JARGON], ids=["never", "cause", "order", "guilt", "jargon"]
)
def test_no_text_says_what_we_never_say(words: tuple[str, ...]) -> None:
    assert _found(words) == []


def test_equal_is_said_of_nothing_that_cannot_be_seen() -> None:
    assert {text for _, text in SAID if re.search(EQUAL, text, re.IGNORECASE)} == RULED_OUT


def test_no_sentence_is_longer_than_a_breath() -> None:
    parts = [(place, part) for place, text in SAID for part in re.split(r"(?<=[.?!:;])\s", text)]
    assert [(place, part) for place, part in parts if len(part.split()) > MOST_WORDS] == []


def test_a_reader_is_never_called_je() -> None:
    assert _found((r"\b(je|jij|jouw|jullie)\b",)) == []


@pytest.mark.parametrize(
    ("place", "begins"),
    [
        ("app.py", "De belangrijkste cijfers van één gebied"),
        ("dashboard/sentences.py", "{area}: te weinig gevallen"),
        ("dashboard/format.py", "Afgeschermd: "),
        ("dashboard/templates/pack.typ", "Een ster (*) bij een getal"),
        ("dashboard/static/nl.js", "Ga naar de inhoud"),
        ("pages/map.py", "Gestileerde kaart"),
        ("pipelines/indicators: halt_rate", "Jongeren van 12 tot en met 17 jaar met minstens één verwijzing"),
        ("pipelines/sources/words.py", "komt één keer voor"),
        ("data/reference/labels.csv", "12 tot en met 14 jaar"),
        ("pipelines/rule.py", "Aantallen van 1 tot en met {…}"),
    ],
)
def test_every_corner_that_speaks_is_in_the_list(place: str, begins: str) -> None:
    assert any(text.startswith(begins) for text in LISTED[place])


def test_code_is_no_sentence_and_a_sentence_is_no_code() -> None:
    code = '''
def draw(name):
    """A docstring for who reads the code."""
    connection.execute("select name from area order by name")
    if not name:
        raise ValueError("no name was given")
    raise StoreError(f"Er zijn al {count} weergaven van {len(name)} tekens.")
'''
    assert [text for one in literals(code) for text in read_text(one)] == ["Er zijn al {…} weergaven van {…} tekens."]
    assert read_text("<p class='jb-text'>Hoger <b>dan</b> toen</p><img alt=\"Lijn van 3 jaar\">") == [
        "Lijn van 3 jaar",
        "Hoger dan toen",
    ]
