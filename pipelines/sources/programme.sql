-- core.programme: one row per project or milestone, as the latest delivery tells it.
-- Reads raw.programme (series is the period of the delivery). milestone is NULL on the row of a project itself.
with ranked as (
    select *, row_number() over (partition by project, milestone order by series desc, on_date desc, status, board, line) as place
    from raw.programme
)
select project, milestone, board, status,
       cast(substr(on_date, 1, 4) || '-' || substr(on_date, 5, 2) || '-' || substr(on_date, 7, 2) as date) as on_date
from ranked where place = 1
