"""What a person reads of a state: tables in the reader's language, amounts in zloty."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from rich import box
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from domain.refusals import Language

WIDTH_OF_A_FILE: Final = 132
"""Columns when nobody's terminal says otherwise."""

WORDS: Final = {
    "small": ("mały", "small"),
    "large": ("duży", "large"),
    "lead": ("wiodący", "lead"),
    "partner": ("współwykonawca", "partner"),
    "in_force": ("obowiązuje", "in force"),
    "rejected": ("odrzucona", "rejected"),
    "repealed": ("uchylona", "repealed"),
    "invalid": ("nieważna", "invalid"),
    "draft": ("projekt", "draft"),
    "withdrawn": ("wycofana", "withdrawn"),
    "open": ("jawne", "open"),
    "secret": ("tajne", "secret"),
    "simple": ("zwykła", "simple"),
    "absolute": ("bezwzględna", "absolute"),
    "two_thirds_cast": ("⅔ głosów", "⅔ of votes"),
    "three_quarters_seats": ("¾ mandatów", "¾ of seats"),
    "unanimous": ("jednomyślność", "unanimous"),
    "city_grant": ("dotacja miasta", "city grant"),
    "project_funds": ("środki projektu", "project funds"),
    "own_financial": ("wkład finansowy", "own financial"),
    "own_personal": ("wkład osobowy", "own personal"),
}


def word(code: str | None, language: Language) -> str:
    """Say a code in the reader's language."""
    if code is None:
        return "–"
    polish, english = WORDS.get(code, (code, code))
    return polish if language == "pl" else english


def zloty(amount_gr: int) -> str:
    """Write grosze as zloty: thousands apart by a no-break space, a decimal comma."""
    whole, grosze = divmod(abs(amount_gr), 100)
    sign = "-" if amount_gr < 0 else ""
    return f"{sign}{whole:,}".replace(",", "\N{NO-BREAK SPACE}") + f",{grosze:02d}\N{NO-BREAK SPACE}zł"


def print_summary(state: dict[str, Any], language: Language) -> None:
    """Print members, resolutions, tasks with their money, and the share of small entities."""
    _print(state, language, (_members, _resolutions, _tasks, _budget, _small_share))


def print_state(state: dict[str, Any], language: Language) -> None:
    """Print a state; everything else of it is in `--json`."""
    _print(state, language, (_members, _resolutions, _tasks, _budget, _small_share, _obligations))


def _print(state: dict[str, Any], language: Language, tables: tuple[Any, ...]) -> None:
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = WIDTH_OF_A_FILE
    title = "stan na {}, wersja {}" if language == "pl" else "as of {}, version {}"
    console.print(f"[bold]{state['consortium']}[/bold], {title.format(state['valid_on'], state['version'])}")
    for table in tables:
        console.print(table(state, language))


def _table(language: Language, title: tuple[str, str], *columns: tuple[str, str]) -> Table:
    place = 0 if language == "pl" else 1
    table = Table(title=title[place], title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        right = column[0].endswith(("zł", "Kwota", "Udział", "Kwota małych"))
        table.add_column(column[place], justify="right" if right else "left", no_wrap=right)
    return table


def _members(state: dict[str, Any], language: Language) -> Table:
    columns = (("Członek", "Member"), ("Nazwa", "Name"), ("Wielkość", "Size"), ("Od", "Since"), ("Do", "Until"))
    table = _table(language, ("Członkowie", "Members"), *columns)
    for member_id, member in state["members"].items():
        table.add_row(member_id, member["name"], word(member["size"], language), member["joined_on"], "")
    for member_id, left in state["members_left"].items():
        table.add_row(member_id, "", "", "", left["last_day"])
    return table


def _resolutions(state: dict[str, Any], language: Language) -> Table:
    table = _table(
        language,
        ("Uchwały (za–przeciw–wstrzymało się)", "Resolutions (for–against–abstained)"),
        ("Projekt", "Draft"),
        ("Numer", "Number"),
        ("Głosowanie", "Vote"),
        ("Większość", "Majority"),
        ("Stan", "Status"),
        ("Tytuł", "Title"),
    )
    for one in state["resolutions"]:
        table.add_row(
            one["draft_id"],
            one["number"] or "–",
            _counts(one["counts"]),
            word(one["majority"], language),
            word(one["status"], language),
            one["title"],
        )
    return table


def _counts(counts: dict[str, int] | None) -> str:
    return "–" if counts is None else f"{counts['for']}–{counts['against']}–{counts['abstain']}"


def _tasks(state: dict[str, Any], language: Language) -> Table:
    shares = _shares_by_task(state)
    table = _table(
        language,
        ("Zadania i kto je wykonuje", "Tasks and who performs them"),
        ("Zadanie", "Task"),
        ("Członek", "Member"),
        ("Rola", "Role"),
        ("Uchwała", "Resolution"),
        ("Kwota", "Amount"),
    )
    for task_id, performers in state["allocations"].items():
        for one in performers:
            amount = shares.get((task_id, one["member"]), 0)
            table.add_row(task_id, one["member"], word(one["role"], language), one["resolution"], zloty(amount))
    return table


def _shares_by_task(state: dict[str, Any]) -> dict[tuple[str, str], int]:
    shares: dict[tuple[str, str], int] = {}
    for package in state["budget"].values():
        for line in package["lines"].values():
            if not line["source"].startswith("own_"):
                for member_id, amount in line["by_member_gr"].items():
                    place = (line["task"], member_id)
                    shares[place] = shares.get(place, 0) + amount
    return shares


def _budget(state: dict[str, Any], language: Language) -> Table:
    table = _table(
        language,
        ("Pieniądze według członków", "Money by member"),
        ("Pakiet", "Package"),
        ("Członek", "Member"),
        ("Źródło", "Source"),
        ("Kwota", "Amount"),
    )
    for package_id, package in state["budget"].items():
        for member_id, by_source in package["by_member_gr"].items():
            for source, amount in by_source.items():
                table.add_row(package_id, member_id, word(source, language), zloty(amount))
        table.add_row(package_id, "Razem" if language == "pl" else "Total", "", zloty(package["total_gr"]))
    return table


def _small_share(state: dict[str, Any], language: Language) -> Table:
    table = _table(
        language,
        ("Udział podmiotów małych w dotacji", "Share of small entities in the grant"),
        ("Pakiet", "Package"),
        ("Kwota małych", "Small entities"),
        ("Udział", "Share"),
        ("Gwarancja statutu", "Guarantee of the statute"),
    )
    for package_id, share in state["small_pes_share"].items():
        (guarantee,) = (key for key in share if key.startswith("meets_statute_min_"))
        minimum = int(guarantee.removeprefix("meets_statute_min_").removesuffix("_bp"))
        met = ("spełniona", "met") if share[guarantee] else ("niespełniona", "not met")
        table.add_row(
            package_id,
            zloty(share["small_gr"]),
            percent(share["share_bp_floor"]),
            f"{percent(minimum)} – {met[0 if language == 'pl' else 1]}",
        )
    return table


def percent(basis_points: int) -> str:
    """Write basis points as a percentage with two places."""
    whole, rest = divmod(basis_points, 100)
    return f"{whole},{rest:02d}\N{NO-BREAK SPACE}%"


def _obligations(state: dict[str, Any], language: Language) -> Table:
    columns = (("Termin", "Due"), ("Co", "What"))
    table = _table(language, ("Do zrobienia", "To be done"), *columns)
    for one in state["obligations"]:
        table.add_row(one["due_on"] or "–", one["what"])
    return table
