"""The whole answer for a point on both clocks, put together from the tables that the application serves."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.http.client import Client

Row = dict[str, Any]
SOURCES = ("city_grant", "project_funds", "own_financial", "own_personal")


def grosze(amount: Row) -> int:
    """Read an amount, in whole grosze."""
    assert amount["currency"] == "PLN"
    value = Decimal(amount["value"]) * 100
    assert value == int(value)
    return int(value)


class Point:
    """Asks tables for one pair of clocks."""

    def __init__(self, client: Client, valid_on: str, known_at: str) -> None:
        self._client = client
        self.valid_on = valid_on
        self.clocks = {"valid_on": valid_on, "known_at": known_at}

    def rows(self, table: str, **query: str) -> list[Row]:
        return self._client.rows(table, **{**self.clocks, **query})

    def state(self) -> Row:
        """Return everything, in the shape of the expected answers."""
        return {
            **self.membership(),
            "resolutions": [_resolution(row) for row in self.rows("resolutions")],
            "meetings": [_meeting(row) for row in self.rows("meetings")],
            "allocations": self.allocations(),
            "budget": self.budget(),
            "payments": self.payments(),
            "small_pes_share": {row["package_id"]: _share(row) for row in self.rows("fairness")},
            "execution": {row["package_id"]: _execution(row) for row in self.rows("executions")},
            "plebiscites": {
                row["plebiscite_id"]: {name: row[name] for name in ("winner", "valid_votes", "invalid")}
                for row in self.rows("plebiscites")
            },
            "loans": [_loan(row) for row in self.rows("loans")],
            "audit": self.audit(),
            "reports": [_report(row) for row in self.rows("reports")],
            "indicators": self.indicators(),
            "mentoring": {
                row["pair_id"]: {
                    name: row[name] for name in ("mentor", "mentee", "started_on", "until", "hours_planned")
                }
                for row in self.rows("pairs")
            },
            "obligations": [{"what": row["polish"], "due_on": row["due_on"]} for row in self.rows("obligations")],
        }

    def membership(self) -> Row:
        members = self.rows("members")
        offices = {row["office"]: row for row in self.rows("offices")}
        statutes = self.rows("statutes")
        chair = offices.get("chair")
        deputy = offices.get("deputy")
        return {
            "members": {
                row["member_id"]: {name: row[name] for name in ("name", "size", "joined_on")} for row in members
            },
            "members_left": self.members_left(),
            "seats": sum(row["delegate_id"] is not None for row in members),
            "leader": offices["leader"]["member_id"] if "leader" in offices else None,
            "chair": chair and {"delegate": chair["delegate_id"], "deputy": deputy["delegate_id"] if deputy else None},
            "statute_version": {
                name: statutes[0][name] for name in ("effective_on", "version", "tie_break", "circular_allowed")
            }
            if statutes
            else None,
        }

    def members_left(self) -> Row:
        """Find who left in the trail, then the member on its last day: the day of joining leads to that row."""
        ended = self.rows("mandates", kind="membership.ended.v1")
        found: Row = {}
        for member_id in sorted(row["member_id"] for row in ended):
            trail = self.rows("audit-trail", member=member_id, valid_on="2100-01-01")
            days = dict.fromkeys(row["effective_on"] for row in trail)
            held = (self.rows("members", member_id=member_id, valid_on=day) for day in days)
            last_day = next(rows for rows in held if rows)[0]["last_day"]
            if last_day < self.valid_on:
                found[member_id] = {"last_day": last_day}
        return found

    def allocations(self) -> Row:
        running: dict[str, list[Row]] = {
            row["task_id"]: [] for row in self.rows("tasks") if row["period_from"] <= self.valid_on <= row["period_to"]
        }
        for row in sorted(self.rows("allocations"), key=lambda row: (row["role"] != "lead", row["member_id"])):
            running[row["task_id"]].append(
                {"member": row["member_id"], "role": row["role"], "resolution": row["number"]}
            )
        return running

    def budget(self) -> Row:
        totals = self.rows("budget-by-package")
        lines, shares = self.rows("lines"), self.rows("shares")
        members, tasks = self.rows("budget-by-member"), self.rows("budget-by-task")
        return {
            package["package_id"]: {
                "lines": {
                    line["line_id"]: {
                        "task": line["task_id"],
                        "source": line["source"],
                        "amount_gr": grosze(line["amount"]),
                        "by_member_gr": {
                            share["member_id"]: grosze(share["share"])
                            for share in shares
                            if share["line_id"] == line["line_id"]
                        },
                    }
                    for line in _of(package, lines)
                },
                "by_task_gr": {task["task_id"]: sum(_sources(task).values()) for task in _of(package, tasks)},
                "by_source_gr": _sources(package),
                "total_gr": sum(_sources(package).values()),
                "by_member_gr": {member["member_id"]: _sources(member) for member in _of(package, members)},
            }
            for package in totals
        }

    def payments(self) -> Row:
        funds: Row = {}
        for tranche in self.rows("tranches"):
            fund = funds.setdefault(tranche["package_id"], {}).setdefault(
                tranche["source"], {"received_gr": 0, "paid_to_members_gr": {}}
            )
            fund["received_gr"] += grosze(tranche["amount"])
        for balance in self.rows("balances"):
            paid = grosze(balance["paid"])
            if paid:
                funds[balance["package_id"]][balance["source"]]["paid_to_members_gr"][balance["member_id"]] = paid
        return funds

    def audit(self) -> Row:
        return {
            "findings": [row["finding_id"] for row in self.rows("findings")],
            "recommendations": {
                row["recommendation_id"]: {name: row[name] for name in ("due_on", "closed_on", "on_time")}
                for row in self.rows("recommendations")
            },
        }

    def indicators(self) -> Row:
        found: dict[str, list[Row]] = {}
        for row in self.rows("indicators"):
            told = {"task": row["task_id"], **{name: row[name] for name in ("target", "achieved", "met")}}
            found.setdefault(row["package_id"], []).append(told)
        return found


def _of(package: Row, rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if row["package_id"] == package["package_id"]]


def _sources(row: Row) -> dict[str, int]:
    return {source: grosze(row[source]) for source in SOURCES if row[source] and grosze(row[source])}


def _resolution(row: Row) -> Row:
    plain = (
        *("draft_id", "number", "matter", "title", "majority", "ballot", "forum", "voted_on", "seats", "present"),
        *("recused", "tie_break_used", "outcome", "status", "status_from"),
    )
    return {
        **{name: row[name] for name in plain},
        "counts": _counts(row, ""),
        "counts_as_first_recorded": _counts(row, "_as_first_recorded"),
        "cast": row["votes_cast"],
    }


def _counts(row: Row, suffix: str) -> Row | None:
    counts = {vote: row[f"votes_{vote}{suffix}"] for vote in ("for", "against", "abstain")}
    return counts if row["votes_cast"] is not None else None


def _meeting(row: Row) -> Row:
    plain = ("meeting_id", "mode", "seats", "present", "quorum_required", "quorum", "closed")
    return {**{name: row[name] for name in plain}, "date": row["held_on"], "minutes": row["minutes_ref"]}


def _share(row: Row) -> Row:
    return {
        "small_gr": grosze(row["small"]),
        "total_gr": grosze(row["total"]),
        "share_bp_floor": row["small_bp"],
        f"meets_statute_min_{row['guarantee_bp']}_bp": row["is_met"],
    }


def _execution(row: Row) -> Row:
    amounts = {f"{name}_gr": grosze(row[name]) for name in ("grant", "unspent", "spent")}
    return {**amounts, "returned_on": row["returned_on"], "by": row["returned_by"]}


def _loan(row: Row) -> Row:
    named = {"resource": row["resource_id"], "member": row["member_id"]}
    return named | {name: row[name] for name in ("lent_on", "due_on", "returned_on", "days_late")}


def _report(row: Row) -> Row:
    named = ("kind", "due_on", "submitted_on", "on_time")
    return {"package": row["package_id"], **{name: row[name] for name in named}}
