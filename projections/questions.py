"""Every table that is kept, by the question it belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from projections.audit_trail.trail import AUDIT_TRAIL
from projections.budget_book.lines import LINES
from projections.budget_book.postings import POSTINGS
from projections.budget_book.shares import SHARES
from projections.budget_book.totals import BUDGET_BY_MEMBER, BUDGET_BY_PACKAGE, BUDGET_BY_TASK
from projections.cash_book.balances import BALANCES
from projections.cash_book.execution import EXECUTIONS, UNSPENT_SHARES
from projections.cash_book.payments import PAYMENTS
from projections.cash_book.returns import RETURNS
from projections.cash_book.settlements import SETTLEMENTS
from projections.cash_book.tranches import TRANCHES
from projections.contract_register.annexes import ANNEXES
from projections.contract_register.contracts import CONTRACTS
from projections.contract_register.offers import OFFERS
from projections.contract_register.parties import PARTIES
from projections.fairness.fairness import FAIRNESS
from projections.mandate_chain.mandates import MANDATES
from projections.meeting_book.agenda_items import AGENDA_ITEMS
from projections.meeting_book.attendance import ATTENDANCE
from projections.meeting_book.circular_votes import CIRCULAR_VOTES
from projections.meeting_book.meetings import MEETINGS
from projections.member_roll.applications import APPLICATIONS
from projections.member_roll.members import MEMBERS
from projections.member_roll.offices import OFFICES
from projections.mentoring.hours import MENTORING_HOURS
from projections.mentoring.pairs import PAIRS
from projections.obligations.obligations import OBLIGATIONS
from projections.oversight.findings import FINDINGS
from projections.oversight.indicators import INDICATORS
from projections.oversight.publications import PUBLICATIONS
from projections.oversight.recommendations import RECOMMENDATIONS
from projections.oversight.reports import REPORTS
from projections.participation.consultations import CONSULTATIONS
from projections.participation.plebiscites import PLEBISCITE_OPTIONS, PLEBISCITES
from projections.resolution_register.objections import OBJECTIONS
from projections.resolution_register.resolutions import RESOLUTIONS
from projections.resolution_register.statutes import MAJORITIES_BY_MATTER, STATUTES
from projections.resource_pool.loans import LOANS
from projections.resource_pool.resources import RESOURCES
from projections.task_board.allocations import ALLOCATIONS
from projections.task_board.tasks import TASKS
from projections.voting_record.recusals import RECUSALS
from projections.voting_record.votes import VOTES
from projections.voting_record.votings import VOTINGS

if TYPE_CHECKING:
    from projections.bitemporal.table import Table

QUESTIONS: Final[dict[str, tuple[Table, ...]]] = {
    "member_roll": (MEMBERS, OFFICES, APPLICATIONS),
    "resolution_register": (RESOLUTIONS, OBJECTIONS, STATUTES, MAJORITIES_BY_MATTER),
    "voting_record": (VOTINGS, VOTES, RECUSALS),
    "meeting_book": (MEETINGS, ATTENDANCE, CIRCULAR_VOTES, AGENDA_ITEMS),
    "contract_register": (CONTRACTS, OFFERS, PARTIES, ANNEXES),
    "task_board": (TASKS, ALLOCATIONS),
    "budget_book": (
        LINES,
        SHARES,
        POSTINGS,
        BUDGET_BY_TASK,
        BUDGET_BY_MEMBER,
        BUDGET_BY_PACKAGE,
    ),
    "cash_book": (BALANCES, TRANCHES, PAYMENTS, SETTLEMENTS, EXECUTIONS, UNSPENT_SHARES, RETURNS),
    "fairness": (FAIRNESS,),
    "obligations": (OBLIGATIONS,),
    "resource_pool": (RESOURCES, LOANS),
    "mentoring": (PAIRS, MENTORING_HOURS),
    "participation": (PLEBISCITES, PLEBISCITE_OPTIONS, CONSULTATIONS),
    "oversight": (FINDINGS, RECOMMENDATIONS, REPORTS, INDICATORS, PUBLICATIONS),
    "mandate_chain": (MANDATES,),
    "audit_trail": (AUDIT_TRAIL,),
}
"""By folder."""

TABLES: Final = tuple(table for tables in QUESTIONS.values() for table in tables)
