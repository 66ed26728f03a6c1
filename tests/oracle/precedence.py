"""The order of refusals within a stage: the rows of the scenario's table, each from left to right."""

from collections.abc import Iterable

TABLE = (
    "role-not-permitted",
    "resolution-not-adopted resolution-not-in-force matter-does-not-fit",
    "not-a-member-on-date no-seat-on-date",
    "not-a-contract-party",
    "no-quorum already-decided ballot-kind-mismatch secret-ballot-names-voters",
    "recusal-required recused-delegate-voted",
    "circular-vote-not-allowed",
    "second-lead task-without-lead",
    "budget-differs-from-contract line-already-split source-mismatch transfer-limit-exceeded",
    "distribution-not-balanced overpayment",
    "resolution-already-invalid resolution-already-repealed",
    "substantive-change-needs-resolution recorded-value-differs outcome-would-change",
    "notice-too-short resource-already-lent",
)
RANKED = " ".join(TABLE).split()


def in_order(codes: Iterable[str]) -> list[str]:
    """Codes that the table does not have come after those that it has, as they were found."""
    return sorted(codes, key=lambda code: RANKED.index(code) if code in RANKED else len(RANKED))
