"""The versions of the statute, each in force until the next one is, and what each asks of a vote, by matter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.statute.events import ConsortiumFounded, StatuteAmended
from projections.bitemporal.table import Column, Kind, Row, Table
from projections.resolution_register.columns import BALLOTS, MAJORITIES, MATTER, MATTERS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from domain.consortium import Consortium
    from domain.decider import Entry
    from domain.statute.rules import Statute
    from domain.statute.state import StatuteVersion
    from projections.bitemporal.table import Key

RULES = ("at_least", "more_than")


def _of_founding(_fact: ConsortiumFounded, _entry: Entry, _after: Consortium) -> Iterator[Key]:
    yield ("0",)


def _of_amendment(_fact: StatuteAmended, _entry: Entry, after: Consortium) -> Iterator[Key]:
    """Name the new version and the one that it ends."""
    place = len(after.statutes.versions) - 1
    yield (str(place - 1),)
    yield (str(place),)


def _groups(consortium: Consortium) -> Iterator[Key]:
    return ((str(place),) for place in range(len(consortium.statutes.versions)))


def _in_force(consortium: Consortium, key: Key) -> Iterator[tuple[date, date | None, StatuteVersion]]:
    """Walk the one period in which a version is in force; none where the next came into force on the same day."""
    place, versions = int(key[0]), consortium.statutes.versions
    if place >= len(versions):
        return
    until = versions[place + 1].effective_on if place + 1 < len(versions) else None
    if until is None or versions[place].effective_on < until:
        yield versions[place].effective_on, until, versions[place]


def _rows(consortium: Consortium, key: Key) -> Iterator[Row]:
    for holds_from, holds_until, version in _in_force(consortium, key):
        statute = version.statute
        cells = (
            *(statute.version, version.effective_on, version.under),
            *_of_meetings(statute),
            *_of_circular_votes(statute),
            *_of_the_rest(statute),
        )
        yield Row(holds_from, holds_until, cells)


def _of_meetings(statute: Statute) -> tuple[object, ...]:
    quorum = statute.quorum
    return quorum.num, quorum.den, quorum.rule, quorum.recused_counts_as_present, statute.remote_meetings


def _of_circular_votes(statute: Statute) -> tuple[object, ...]:
    rules = statute.circular_vote
    quorum = rules.quorum
    asked = (quorum.num, quorum.den, quorum.rule, quorum.counts) if quorum else (None, None, None, None)
    return rules.allowed, rules.min_days, *asked, rules.objection_voids


def _of_the_rest(statute: Statute) -> tuple[object, ...]:
    return (
        statute.tie_break,
        statute.casting_vote.majorities,
        statute.casting_vote.ballots,
        statute.numbering.pattern,
        statute.numbering.rejected_get_number,
        statute.withdrawal.notice_months,
        statute.size.small_fte_x100_lt,
        statute.size.small_revenue_gr_lt,
        statute.size.review_month_day,
        statute.small_pes_share_min_bp,
        statute.rounding,
        statute.transfer.line_increase_limit_bp,
    )


STATUTES = Table(
    name="statutes",
    polish="Wersje statutu",
    english="Statute versions",
    columns=(
        Column("version", Kind.COUNT, "wersja", "version"),
        Column("effective_on", Kind.DAY, "obowiązuje od", "effective on"),
        Column("under", Kind.ID, "na podstawie", "under", filtered=True),
        Column("quorum_num", Kind.COUNT, "kworum: licznik", "quorum: numerator"),
        Column("quorum_den", Kind.COUNT, "kworum: mianownik", "quorum: denominator"),
        Column("quorum_rule", Kind.WORD, "kworum: reguła", "quorum: rule", words=RULES),
        Column("recused_counts_as_present", Kind.FLAG, "wyłączony jest obecny", "recused counts as present"),
        Column("remote_meetings", Kind.FLAG, "posiedzenia zdalne", "remote meetings"),
        Column("circular_allowed", Kind.FLAG, "tryb obiegowy", "circular votes"),
        Column("circular_min_days", Kind.COUNT, "obieg: najmniej dni", "circular: least days"),
        Column("circular_quorum_num", Kind.COUNT, "obieg: kworum, licznik", "circular: quorum, numerator"),
        Column("circular_quorum_den", Kind.COUNT, "obieg: kworum, mianownik", "circular: quorum, denominator"),
        Column("circular_quorum_rule", Kind.WORD, "obieg: reguła kworum", "circular: quorum rule", words=RULES),
        Column(
            "circular_quorum_counts",
            Kind.WORD,
            "obieg: do kworum liczy się",
            "circular: counts to the quorum",
            words=("returned_and_recused", "returned"),
        ),
        Column("circular_objection_voids", Kind.FLAG, "obieg: sprzeciw unieważnia", "circular: objection voids"),
        Column("tie_break", Kind.WORD, "remis", "tie", words=("rejected", "chair_casting_vote")),
        Column("casting_majorities", Kind.IDS, "głos rozstrzygający: większości", "casting vote: majorities"),
        Column("casting_ballots", Kind.IDS, "głos rozstrzygający: głosowania", "casting vote: ballots"),
        Column("number_pattern", Kind.TEXT, "wzór numeru", "number pattern"),
        Column("rejected_get_number", Kind.FLAG, "numer także dla odrzuconych", "rejected get a number"),
        Column("notice_months", Kind.COUNT, "wypowiedzenie (miesiące)", "notice (months)"),
        Column("small_fte_x100_lt", Kind.COUNT, "mały: poniżej (setne etatu)", "small: below (hundredths of FTE)"),
        Column("small_revenue_gr_lt", Kind.GROSZE, "mały: przychód poniżej", "small: revenue below"),
        Column("review_month_day", Kind.TEXT, "przegląd wielkości (mm-dd)", "size review (mm-dd)"),
        Column("small_pes_share_min_bp", Kind.BASIS_POINTS, "gwarancja dla małych", "guarantee for the small"),
        Column(
            "rounding",
            Kind.WORD,
            "reguła zaokrąglania",
            "rounding",
            words=("largest_remainder", "leader_takes_remainder"),
        ),
        Column("line_increase_limit_bp", Kind.BASIS_POINTS, "limit przesunięć", "transfer limit"),
    ),
    key=("version",),
    touched={ConsortiumFounded: _of_founding, StatuteAmended: _of_amendment},
    rows=_rows,
    groups=_groups,
)


def _majorities(consortium: Consortium, key: Key) -> Iterator[Row]:
    for holds_from, holds_until, version in _in_force(consortium, key):
        statute = version.statute
        for matter in MATTERS:
            recusal = matter in statute.recusal.matters
            cells = (matter, statute.version, statute.majorities[matter], statute.ballot(matter), recusal)
            yield Row(holds_from, holds_until, cells)


MAJORITIES_BY_MATTER = Table(
    name="majorities",
    polish="Większości",
    english="Majorities",
    columns=(
        MATTER,
        Column("statute_version", Kind.COUNT, "wersja statutu", "statute version"),
        Column("majority", Kind.WORD, "większość", "majority", filtered=True, words=MAJORITIES),
        Column("ballot", Kind.WORD, "głosowanie", "ballot", filtered=True, words=BALLOTS),
        Column("recusal", Kind.FLAG, "wyłączenie zainteresowanych", "interested are recused", filtered=True),
    ),
    key=("matter",),
    touched={ConsortiumFounded: _of_founding, StatuteAmended: _of_amendment},
    rows=_majorities,
    groups=_groups,
)
