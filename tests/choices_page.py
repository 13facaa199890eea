"""A page with every choice of the app and nothing else, for the test that tries thousands of addresses (served by it)."""

import streamlit as st

from dashboard import address, choose
from dashboard.figures import open_publication

publication = open_publication()
address.keep_choices("keuzes")
notices = st.container()
view = choose.ask_shared(publication, ("indicator", "area", "year"), notices=notices)
areas = choose.ask_other_areas(view)
kind = choose.ask_period_kind(view, areas)
split = choose.ask_split(view, areas, kind)
level = choose.ask_child_level(view)
address.say_unused(notices)
st.text("|".join([view.area.code, view.year, view.indicator.id, ",".join(areas), kind, split, level]))
st.text(address.fixed_query())
