"""Every sentence the product can say, read: plain Dutch, no cause, no order of areas, and 'niet te zien' is not 'gelijk'."""

import ast
import re
from pathlib import Path

import pytest

from dashboard.sentences import EXAMPLES, SENTENCES, read_aloud, say

ROOT = Path(__file__).parents[1]
ALOUD = read_aloud()
PLAIN = {name: text for name, text in ALOUD.items() if not name.startswith("technical.")}
NEVER = (
    r"significan", r"betrouwbaarheidsinterval", r"veroorza", r"\bgelijk aan\b", r"\bslechtste\b", r"\bbeste buurt", r"\bhoogste buurt",
    r"\blaagste buurt", r"\btop ?\d", r"\branglijst", r"\bdaders?\b", r"\bp-waarde", r"\bpopulatie\b", r"\bcorrelat", r"\bdankzij\b",
    r"\bals gevolg van\b", r"\bwerkt (niet|goed|wel)\b", r"\bprobleem(wijk|buurt|jongere)", r"\bhotspot", r"\bten opzichte van\b",
)  # fmt: skip
STABLE = {"claim.supported.stable", "claim.contradicted.stable", "claim.stable", "claim.decrease", "claim.increase"}
MOST_WORDS = 26


@pytest.mark.parametrize("name", sorted(PLAIN))
def test_a_sentence_is_plain_dutch(name: str) -> None:
    text = PLAIN[name]
    assert "{" not in text and "  " not in text, text
    assert [word for word in NEVER if re.search(word, text, re.IGNORECASE)] == []
    for sentence in re.split(r"(?<=[.?!:;])\s", text):
        assert len(sentence.split()) <= MOST_WORDS, sentence
    assert max(len(word) for word in re.findall(r"\w+", text)) <= 24, text


def test_equal_is_said_only_where_a_change_was_ruled_out() -> None:
    assert {name for name, text in PLAIN.items() if re.search(r"\bgelijk\b", text)} <= STABLE


def test_what_cannot_be_seen_has_other_words_than_what_does_not_differ() -> None:
    assert SENTENCES["trend.no_clear_trend"] != SENTENCES["trend.too_few"]
    assert "te weinig gevallen" in SENTENCES["trend.too_few"]
    assert "geen duidelijke ontwikkeling" in SENTENCES["trend.no_clear_trend"]
    assert ALOUD["label.cannot_tell"] == "verschil kan toeval zijn"


def test_words_of_statistics_stand_only_in_the_reckoning() -> None:
    assert any("betrouwbaarheidsinterval" in text for name, text in ALOUD.items() if name.startswith("technical."))


def test_a_sentence_asks_for_exactly_its_fields() -> None:
    for name, text in SENTENCES.items():
        fields = set(re.findall(r"{(\w+)}", text))
        assert fields <= set(EXAMPLES), name
        assert say(name, **{field: EXAMPLES[field] for field in fields})
    with pytest.raises(KeyError):
        say("no.such.sentence")
    with pytest.raises(KeyError):
        say("trend.up")


def _literals(file: Path) -> list[str]:
    """Texts in a file that may reach a screen: all strings with a space, but for docstrings."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    parts = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return [str(node.value) for node in parts if id(node) not in docs and " " in str(node.value)]


def test_no_text_of_any_screen_claims_a_cause_or_ranks_areas() -> None:
    said = [
        (file.name, text)
        for folder in ("dashboard", "pages")
        for file in sorted((ROOT / folder).rglob("*.py"))
        for text in _literals(file)
    ]
    assert len(said) > 300, "the texts were found"
    found = [
        (name, text)
        for name, text in said
        for word in NEVER
        if re.search(word, text, re.IGNORECASE) and not _is_reckoning(text)
    ]
    assert found == []


def _is_reckoning(text: str) -> bool:
    return text in {known for name, known in SENTENCES.items() if name.startswith("technical.")}


def test_every_sentence_of_the_list_is_used() -> None:
    files = [file for folder in ("dashboard", "pages") for file in (ROOT / folder).rglob("*.py")]
    code = "\n".join(file.read_text(encoding="utf-8") for file in files if file.name != "sentences.py")
    unused = [name for name in SENTENCES if not _is_named(name, code)]
    assert unused == []


def _is_named(name: str, code: str) -> bool:
    """By its whole name, or by a beginning that the code completes with one word: "trend.why.{reason}", "change.about_{way}"."""
    begun = set(re.findall(r"[\"']([a-z_.]+[._])\{", code)) | {"effect.changed_", "effect.beside_"}
    stem = re.sub(r"[^._]+$", "", name.removesuffix(".stable"))
    return any(f"{quote}{name}{quote}" in code for quote in "\"'") or any(
        one in begun for one in (stem, name[: name.rfind(".") + 1], re.sub(r"[^_]+_only$", "", name))
    )
