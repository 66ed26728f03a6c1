"""The columns of the register, and the words that they share with the record of votes."""

from __future__ import annotations

from typing import Final, get_args

from domain.values import Ballot, Choice, Majority, Matter, Role
from projections.bitemporal.table import Column, Kind

MATTERS: Final = get_args(Matter)
MAJORITIES: Final = get_args(Majority)
BALLOTS: Final = get_args(Ballot)
CHOICES: Final = get_args(Choice)
OUTCOMES: Final = ("adopted", "rejected")
STATUSES: Final = ("draft", "withdrawn", "in_force", "rejected", "repealed", "invalid")

MATTER: Final = Column("matter", Kind.WORD, "sprawa", "matter", filtered=True, words=MATTERS)
NUMBER: Final = Column("number", Kind.TEXT, "numer", "number", filtered=True)
DRAFT: Final = Column("draft_id", Kind.ID, "projekt", "draft", filtered=True)
FORUM: Final = Column("forum", Kind.ID, "forum", "forum", filtered=True)
BALLOT: Final = Column("ballot", Kind.WORD, "głosowanie", "ballot", words=BALLOTS)
MAJORITY: Final = Column("majority", Kind.WORD, "większość", "majority", words=MAJORITIES)
OUTCOME: Final = Column("outcome", Kind.WORD, "wynik", "outcome", filtered=True, words=OUTCOMES)
VOTED_ON: Final = Column("voted_on", Kind.DAY, "głosowano", "voted on")
COUNTED: Final = (
    Column("votes_for", Kind.COUNT, "za", "for"),
    Column("votes_against", Kind.COUNT, "przeciw", "against"),
    Column("votes_abstain", Kind.COUNT, "wstrzymało się", "abstain"),
    Column("votes_cast", Kind.COUNT, "oddane", "cast"),
    Column("votes_for_as_first_recorded", Kind.COUNT, "za, jak zapisano", "for, as first recorded"),
    Column("votes_against_as_first_recorded", Kind.COUNT, "przeciw, jak zapisano", "against, as first recorded"),
    Column("votes_abstain_as_first_recorded", Kind.COUNT, "wstrzymało się, jak zapisano", "abstain, as first recorded"),
)
"""Of a vote: as corrected, and as it was written down first."""

COLUMNS: Final = (
    Column("ordinal", Kind.COUNT, "lp.", "no."),
    DRAFT,
    MATTER,
    Column("title", Kind.TEXT, "tytuł", "title"),
    Column("title_as_first_recorded", Kind.TEXT, "tytuł, jak zapisano", "title, as first recorded"),
    Column("legal_basis", Kind.TEXT, "podstawa prawna", "legal basis"),
    Column("legal_basis_as_first_recorded", Kind.TEXT, "podstawa, jak zapisano", "legal basis, as first recorded"),
    Column("corrected_on", Kind.DAY, "sprostowano", "corrected on"),
    Column("subject_members", Kind.IDS, "dotyczy członków", "subject members"),
    Column("application_id", Kind.ID, "wniosek", "application", filtered=True),
    Column("target_draft", Kind.ID, "dotyczy uchwały", "target resolution", filtered=True),
    Column("body_ref", Kind.TEXT, "treść", "text"),
    Column("proposer_role", Kind.WORD, "wnosi", "proposed by", words=get_args(Role)),
    Column("proposer_id", Kind.ID, "wnoszący", "proposer"),
    Column("submitted_on", Kind.DAY, "wniesiono", "submitted on"),
    Column("effective_on", Kind.DAY, "wiąże od", "effective on"),
    Column("repealed_on", Kind.DAY, "uchylona od", "repealed from"),
    Column("repealed_by", Kind.ID, "uchylona przez", "repealed by", filtered=True),
    Column("repealed_by_number", Kind.TEXT, "uchylona uchwałą nr", "repealed by no."),
    Column("invalidated_by", Kind.ID, "nieważna na podstawie", "invalidated by", filtered=True),
    Column("invalidated_by_number", Kind.TEXT, "nieważna na podstawie uchwały nr", "invalidated by no."),
    Column("status", Kind.WORD, "stan", "status", filtered=True, words=STATUSES),
    Column("status_from", Kind.DAY, "stan od", "status from"),
    Column("amended_by", Kind.IDS, "zmieniona przez", "amended by", filtered=True),
    Column("amended_by_numbers", Kind.IDS, "zmieniona uchwałami nr", "amended by nos."),
    Column("conflict_discovered", Kind.FLAG, "ujawniono konflikt interesów", "conflict discovered"),
    Column("recused", Kind.IDS, "wyłączeni", "recused"),
    NUMBER,
    OUTCOME,
    MAJORITY,
    BALLOT,
    FORUM,
    VOTED_ON,
    Column("seats", Kind.COUNT, "mandaty", "seats"),
    Column("present", Kind.COUNT, "obecni", "present"),
    Column("tie_break_used", Kind.FLAG, "głos rozstrzygający", "tie break used"),
    *COUNTED,
)
