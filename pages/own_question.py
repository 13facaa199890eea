"""A question in SQL over the shown figures. Only where the operator opened it; it runs in a process of its own."""

import streamlit as st

from dashboard.choose import View
from dashboard.export import write_csv
from dashboard.frame import draw_note
from dashboard.sql import (
    EXAMPLES,
    MOST_SIGNS,
    Answer,
    SqlError,
    ask_sql,
    describe_answer,
    draw_answer,
    draw_tables,
)

LIMITS = "Een uitkomst heeft geen controlecode en geen marge van toeval: dit is uw eigen berekening."
KEPT = "Uw vraag staat niet in het adres van deze pagina en wordt nergens bewaard. Bewaar haar zelf."


def draw(view: View) -> None:
    """The whole page."""
    with st.form("vraag", border=False):
        sql = st.text_area(
            "Uw vraag in SQL",
            height=180,
            max_chars=MOST_SIGNS,
            placeholder="select title, area_name, value from figures",
        )
        pressed = st.form_submit_button("Voer uit")
    draw_note(KEPT)
    if pressed and sql.strip():
        _draw_answer(view, sql)
    st.subheader("Tabellen", anchor=False)
    st.html(draw_tables())
    st.subheader("Voorbeelden", anchor=False)
    for title, example in EXAMPLES.items():
        draw_note(title)
        st.code(example, language=None, wrap_lines=True)


def _draw_answer(view: View, sql: str) -> None:
    try:
        answer = ask_sql(view.publication, sql)
    except SqlError as problem:
        st.warning(str(problem))
        return
    st.subheader("Uitkomst", anchor=False)
    draw_note(describe_answer(answer))
    if answer.rows:
        st.html(draw_answer(answer, caption="Uitkomst van uw vraag"))
        _draw_download(view, answer)
    draw_note(LIMITS)


def _draw_download(view: View, answer: Answer) -> None:
    st.download_button(
        "Download uitkomst (CSV)",
        data=lambda: write_csv((answer.columns, [list(row) for row in answer.rows])),
        file_name=f"jeugdbeeld-vraag-{view.publication.build.id}.csv",
        mime="text/csv",
        on_click="ignore",
    )
