"""CBS and police tables over OData v3: enumerated filters, pages by `odata.nextLink`, less at a time when refused.

Untyped rows are fetched: there a blank (cannot occur) and a point (unknown) are two things; typed rows make both null.
ODataFeed gives pages of 10,000 rows; ODataApi refuses more than 10,000 with a 500, so a question is halved until it fits.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from pipelines.pull.catalogue import Table
from pipelines.pull.fetch import Fetcher, Json, PullFailed, TooLarge
from pipelines.pull.land import Landing

MOST_ROWS = 10_000
LONGEST_URL = 1_900  # characters; IIS refuses a query of more than 2,048
Lists = dict[str, list[dict[str, str]]]


@dataclass(frozen=True, kw_only=True)
class Question:
    """One request: address of the rows, and the wanted keys per dimension (or'ed within, and'ed between).

    next_link  name of the member that leads to the next page
    paged      whether more rows come in pages; without pages a full answer may have been cut off
    """

    address: str
    keys: tuple[tuple[str, tuple[str, ...]], ...] = ()
    next_link: str = "odata.nextLink"
    paged: bool = True

    @property
    def url(self) -> str:
        """The address with its filter."""
        parts = [" or ".join(f"{name} eq '{key}'" for key in keys) for name, keys in self.keys]
        wanted = " and ".join(f"({part})" for part in parts)
        options = ["$format=json"] if self.next_link == "odata.nextLink" else []
        options += [f"$filter={quote(wanted, safe='()')}"] if wanted else []
        return self.address + ("?" + "&".join(options) if options else "")

    def halves(self) -> "tuple[Question, ...]":
        """Two questions that together ask the same; none when only one key of each dimension is left."""
        name, keys = max(self.keys, key=lambda one: len(one[1]), default=("", ()))
        if len(keys) < 2:
            return ()
        parts = (keys[: len(keys) // 2], keys[len(keys) // 2 :])
        return tuple(
            Question(
                address=self.address,
                keys=tuple((other, part if other == name else listed) for other, listed in self.keys),
                next_link=self.next_link,
                paged=self.paged,
            )
            for part in parts
        )


def read_modified(fetcher: Fetcher, table: Table) -> tuple[str, Json]:
    """When the table was last changed, and its TableInfos."""
    infos = fetcher.read(f"{_root(table)}/TableInfos?$format=json")["value"]
    if not infos:
        raise PullFailed(f"{table.name}: the table exists no more at {table.host}\nSee pipelines/pull/catalogue.py")
    return str(infos[0].get("Modified", "")), infos[0]


def read_lists(fetcher: Fetcher, table: Table) -> Lists:
    """The code list of each dimension, keys padded as the table pads them."""
    properties = fetcher.read(f"{_root(table)}/DataProperties?$format=json")["value"]
    names = [one["Key"] for one in properties if str(one.get("Type", "")).endswith("Dimension") and one.get("Key")]
    return {name: fetcher.read(f"{_root(table)}/{name}?$format=json")["value"] for name in names}


def ask(table: Table, lists: Lists, municipalities: tuple[str, ...], first_year: int) -> Question:
    """The question for this region and these years.

    raises  PullFailed when the table has none of the wanted keys
    """
    keys = [(name, _wanted(table, name, listed, municipalities, first_year)) for name, listed in lists.items()]
    for name, found in keys:
        if not found:
            raise PullFailed(
                f"{table.name}: nothing of ours in its list {name}\nThe table may have changed: see pipelines/pull/catalogue.py"
            )
    limited = tuple((name, found) for name, found in keys if len(found) < len(lists[name]))
    address = f"{table.host}/{table.service}/odata/{table.name}/UntypedDataSet"
    return Question(address=address, keys=limited, paged=table.service == "ODataFeed")


def fetch_pages(fetcher: Fetcher, landing: Landing, question: Question) -> list[str]:
    """Addresses of all pages of a question, each kept; halved where it is too long or refused as too large.

    raises  PullFailed when the smallest question is refused too
    """
    halves = question.halves()
    if halves and (len(question.url) > LONGEST_URL or landing.was_too_large(question.url)):
        return [url for half in halves for url in fetch_pages(fetcher, landing, half)]
    try:
        return list(_follow(fetcher, landing, question))
    except TooLarge as error:
        if not halves:
            raise PullFailed(
                f"{question.address}: refused as too large, and cannot be asked in smaller parts"
            ) from error
        landing.mark_too_large(question.url)
        return [url for half in halves for url in fetch_pages(fetcher, landing, half)]


def read_rows(landing: Landing, urls: list[str], lists: Lists, titled: tuple[str, ...]) -> Iterator[Json]:
    """Rows as received, in order, with the title of each code of the titled dimensions beside it."""
    return add_titles((row for url in urls for row in landing.keep(url, no_fetch)["value"]), lists, titled)


def add_titles(rows: Iterable[Json], lists: Lists, titled: tuple[str, ...]) -> Iterator[Json]:
    """Rows with `<dimension>_titel` beside the code of each titled dimension that the table has."""
    titles = {name: {one["Key"]: one["Title"] for one in lists[name]} for name in titled if name in lists}
    for row in rows:
        yield row | {f"{name}_titel": known.get(row[name], "") for name, known in titles.items()}


def no_fetch(url: str) -> tuple[bytes, Json]:
    """Kept answers are read, not fetched again."""
    raise PullFailed(f"{url.split('?', maxsplit=1)[0]}: an answer that was kept is gone\nPull again")


def _follow(fetcher: Fetcher, landing: Landing, question: Question) -> Iterator[str]:
    """Page after page; of a next link only the query is followed, so nobody is sent to another host."""
    url, seen = question.url, set[str]()
    while url:
        if url in seen:
            raise PullFailed(f"{question.address}: the next page leads back to an earlier one")
        seen.add(url)
        answer = landing.keep(url, fetcher.get)
        link = answer.get(question.next_link, "")
        if not question.paged and not link and len(answer["value"]) >= MOST_ROWS:
            raise TooLarge(url)
        yield url
        url = f"{question.address}?{urlsplit(link).query}" if link else ""


def _wanted(
    table: Table, name: str, listed: list[dict[str, str]], municipalities: tuple[str, ...], first_year: int
) -> tuple[str, ...]:
    keys = [one["Key"] for one in listed]
    if name == table.region:
        return tuple(key for key in keys if is_ours(key, table.levels, municipalities))
    if name == "Perioden":
        return tuple(key for key in keys if key[:4].isdigit() and int(key[:4]) >= first_year)
    if name in table.only:
        return tuple(key for key in keys if key.strip() in table.only[name])
    return tuple(keys)


def is_ours(key: str, levels: tuple[str, ...], municipalities: tuple[str, ...]) -> bool:
    """Whether an area code is of a wanted level and lies in one of the municipalities."""
    return key[:2] in levels and f"GM{key[2:6]}" in municipalities


def _root(table: Table) -> str:
    return f"{table.host}/ODataApi/odata/{table.name}"
