"""The agreement and the statute that histories of tests begin with."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from domain.statute.rules import Agreement
from domain.values import Matter

if TYPE_CHECKING:
    from pydantic import JsonValue

    Json = dict[str, JsonValue]

AGREEMENT = Agreement(
    purpose="wspólne usługi społeczne",
    duties="każdy wykonuje powierzone mu zadania",
    duration="czas nieokreślony",
    parties_and_representation="strony wymieniono w akcie; reprezentuje lider",
    admission_exclusion_withdrawal="przyjęcie i wykluczenie uchwałą; wystąpienie za wypowiedzeniem",
    benefits_and_burdens="środki dzieli się według wykonywanych zadań",
)
CIRCULAR: Json = {
    "allowed": True,
    "min_days": 3,
    "quorum": {"num": 1, "den": 2, "rule": "at_least", "base": "seats", "counts": "returned_and_recused"},
}
CASTING: Json = {"majorities": ["simple"], "ballots": ["open"]}


def statute(**changes: JsonValue) -> Json:
    """Write a first statute: simple majorities, half the seats for a quorum, recusal in matters of tasks."""
    first: Json = {
        "version": 1,
        "seats": "one_delegate_per_member",
        "quorum": {"num": 1, "den": 2, "rule": "at_least", "base": "seats", "recused_counts_as_present": True},
        "majorities": dict.fromkeys(get_args(Matter), "simple"),
        "secret_ballot_matters": ["leader_election", "chair_election", "exclusion"],
        "tie_break": "rejected",
        "circular_vote": {"allowed": False},
        "recusal": {
            "matters": ["task_allocation", "budget_split"],
            "individual_if_subjects_below_half_of_seats": True,
        },
        "numbering": {"pattern": "{n}/{year}", "restart": "yearly", "rejected_get_number": False},
        "withdrawal": {"notice_months": 3, "effective": "end_of_quarter"},
        "size": {"small_fte_x100_lt": 1000, "small_revenue_gr_lt": 100_000_000, "review_month_day": "07-01"},
        "small_pes_share_min_bp": 2500,
        "rounding": "largest_remainder",
        "transfer": {"line_increase_limit_bp": 1000, "base": "line_amount_at_adoption_cumulative"},
    }
    return _over(first, changes)


def _over(under: Json, over: Json) -> Json:
    """Lay one document over another, object by object."""
    laid = dict(under)
    for key, value in over.items():
        below = laid.get(key)
        laid[key] = _over(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
    return laid
