"""The statute as data: what makes it whole, how it is amended; the arithmetic of quorum, majority and size."""

import calendar
from collections.abc import Iterator
from datetime import date
from typing import Any

Rules = dict[str, Any]

MATTERS = (
    *("rules", "statute_amendment", "leader_election", "chair_election", "accession", "exclusion", "withdrawal_ack"),
    *("joint_offer", "own_contribution", "budget", "budget_split", "budget_transfer", "task_allocation"),
    *("reallocation", "report", "classification", "mentoring", "resource_rules", "purchase", "repeal"),
    *("invalidation", "continuation", "other"),
)
MAJORITIES = ("simple", "absolute", "two_thirds_cast", "three_quarters_seats", "unanimous")
AGREEMENT_PARTS = (
    "purpose",
    "duties",
    "duration",
    "parties_and_representation",
    "admission_exclusion_withdrawal",
    "benefits_and_burdens",
)


def merge_patch(target: Any, patch: Any) -> Any:  # noqa: ANN401 - RFC 7396 is about any JSON value
    """RFC 7396, section 2."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = merge_patch(merged.get(key), value)
    return merged


def _whole_number(value: Any, least: int) -> bool:  # noqa: ANN401 - whatever stands in the statute
    return isinstance(value, int) and not isinstance(value, bool) and value >= least


def _quorum_is_whole(quorum: Any) -> bool:  # noqa: ANN401 - whatever stands in the statute
    return (
        isinstance(quorum, dict)
        and _whole_number(quorum.get("num"), 1)
        and _whole_number(quorum.get("den"), 1)
        and quorum.get("rule") in ("at_least", "more_than")
        and quorum["num"] <= quorum["den"] - (quorum["rule"] == "more_than")
        and quorum.get("base") == "seats"
    )


def _circular_is_whole(circular: Rules) -> bool:
    """Where it is allowed, it must say for how many days and with which quorum."""
    quorum = circular.get("quorum")
    if quorum is not None and not (_quorum_is_whole(quorum) and "counts" in quorum):
        return False
    allowed = circular.get("allowed")
    return isinstance(allowed, bool) and (not allowed or (quorum is not None and "min_days" in circular))


def faults(rules: Rules) -> Iterator[str]:
    """The place of each error; nothing when the statute is whole."""
    if rules.get("seats") != "one_delegate_per_member":
        yield "seats"
    if not _quorum_is_whole(rules.get("quorum")) or "recused_counts_as_present" not in rules["quorum"]:
        yield "quorum"
    majorities = rules.get("majorities", {})
    if set(majorities) != set(MATTERS) or any(kind not in MAJORITIES for kind in majorities.values()):
        yield "majorities"
    if not set(rules.get("secret_ballot_matters", ["?"])) <= set(MATTERS):
        yield "secret_ballot_matters"
    if rules.get("tie_break") not in ("rejected", "chair_casting_vote"):
        yield "tie_break"
    casting = rules.get("casting_vote", {})
    in_which = {*casting.get("majorities", []), *casting.get("ballots", [])}
    if not in_which <= {"simple", "absolute", "open"}:
        yield "casting_vote"
    if not _circular_is_whole(rules.get("circular_vote", {})):
        yield "circular_vote"
    if not set(rules.get("recusal", {}).get("matters", ["?"])) <= set(MATTERS):
        yield "recusal"
    yield from _number_faults(rules)


def _number_faults(rules: Rules) -> Iterator[str]:
    pattern = rules.get("numbering", {}).get("pattern", "")
    if pattern.count("{n}") != 1 or pattern.count("{year}") != 1:
        yield "numbering"
    if not _whole_number(rules.get("withdrawal", {}).get("notice_months"), 0):
        yield "withdrawal"
    size = rules.get("size", {})
    if not (_whole_number(size.get("small_fte_x100_lt"), 0) and _whole_number(size.get("small_revenue_gr_lt"), 0)):
        yield "size"
    share = rules.get("small_pes_share_min_bp")
    if not (isinstance(share, int) and _whole_number(share, 0) and share <= 10_000):
        yield "small_pes_share_min_bp"
    if rules.get("rounding") not in ("largest_remainder", "leader_takes_remainder"):
        yield "rounding"
    if not _whole_number(rules.get("transfer", {}).get("line_increase_limit_bp"), 0):
        yield "transfer"


def quorum_required(quorum: Rules, seats: int) -> int:
    """The least presence that makes a quorum: `at_least` half of 9 is 5, `more_than` half of 8 is 5; nobody is none."""
    exact = quorum["num"] * seats
    if quorum["rule"] == "at_least":
        return int(max(1, -(-exact // quorum["den"])))
    return int(exact // quorum["den"] + 1)


def carries(kind: str, votes_for: int, against: int, abstain: int, seats: int) -> bool:
    cast = votes_for + against + abstain
    return {
        "simple": votes_for > against,
        "absolute": 2 * votes_for > cast,
        "two_thirds_cast": cast > 0 and 3 * votes_for >= 2 * cast,
        "three_quarters_seats": 4 * votes_for >= 3 * seats,
        "unanimous": votes_for == cast and cast >= 1,
    }[kind]


def size_class(rules: Rules, fte_x100: int, revenue_gr: int) -> str:
    small = fte_x100 < rules["size"]["small_fte_x100_lt"] and revenue_gr < rules["size"]["small_revenue_gr_lt"]
    return "small" if small else "large"


def add_months(on: date, months: int) -> date:
    """The same day of a later month, or that month's last day when it is shorter."""
    month = on.month - 1 + months
    year, month = on.year + month // 12, month % 12 + 1
    return date(year, month, min(on.day, calendar.monthrange(year, month)[1]))


def is_quarter_end(on: date) -> bool:
    return on.month % 3 == 0 and on.day == calendar.monthrange(on.year, on.month)[1]
