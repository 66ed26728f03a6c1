"""Figures for Prometheus, in a registry of one application's own.

Labels are names that the program knows beforehand: methods, route templates, statuses, codes of refusals, witnesses of
the policy. No id is ever one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import psycopg
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from api.standing import standing
from domain.ledger.faults import LedgerFault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prometheus_client import Metric

    from api.works import Works

PREFIX: Final = "consortium_ledger"
BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""In seconds."""


class Metrics:
    """What is counted as it happens, and what is looked up when somebody asks."""

    def __init__(self, works: Works) -> None:
        self._registry = CollectorRegistry(auto_describe=False)
        self._requests = Counter(
            f"{PREFIX}_http_requests", "Requests answered.", ("method", "route", "status"), registry=self._registry
        )
        self._seconds = Histogram(
            f"{PREFIX}_http_request_seconds",
            "How long a request took, to the end of its answer.",
            ("method", "route"),
            buckets=BUCKETS,
            registry=self._registry,
        )
        self._registry.register(_Looked(works))

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request; `route` is a template, never an address."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(method, route).observe(seconds)

    def written(self) -> bytes:
        """Write all figures down in the text format of Prometheus."""
        return generate_latest(self._registry)


class _Looked(Collector):
    """Figures that stand somewhere already and are read when they are asked for."""

    def __init__(self, works: Works) -> None:
        self._works = works

    def collect(self) -> Iterator[Metric]:
        yield from self._of_commands()
        yield from self._of_keeping()
        yield from self._of_witnesses()
        yield from self._of_the_database()

    def _of_commands(self) -> Iterator[Metric]:
        desk = self._works.desk
        yield _gauge("writer_waiting", "Submissions that wait for the writer.", desk.waiting)
        yield CounterMetricFamily(f"{PREFIX}_writer_commits", "Rounds of the writer committed.", desk.commits)
        for name, help_text, label, counted in (
            ("commands", "Commands by what became of them.", "outcome", desk.outcomes),
            ("refusals", "Commands refused, by code.", "code", desk.refusals),
        ):
            family = CounterMetricFamily(f"{PREFIX}_{name}", help_text, labels=[label])
            for value, count in sorted(counted.items()):
                family.add_metric([value], count)
            yield family

    def _of_keeping(self) -> Iterator[Metric]:
        keeper = self._works.keeper
        yield _gauge("standstill", "1 while the read models or the logs stand still.", int(keeper.fault is not None))
        yield _gauge("logs_in_alarm", "Logs that are not signed any more.", len(keeper.alarms))

    def _of_witnesses(self) -> Iterator[Metric]:
        if self._works.witnessing is None:
            return
        faults = self._works.witnessing.faults
        family = GaugeMetricFamily(
            f"{PREFIX}_witness_up", "1 unless the last answer of a witness was no cosignature.", labels=["witness"]
        )
        for name in self._works.witnessing.names:
            family.add_metric([name], int(name not in faults))
        yield family

    def _of_the_database(self) -> Iterator[Metric]:
        try:
            stands = standing(self._works.ledger, self._works.snapshots)
        except (LedgerFault, psycopg.Error):
            yield _gauge("database_up", "1 while the database answers.", 0)
            return
        yield _gauge("database_up", "1 while the database answers.", 1)
        yield _gauge("ledger_position", "Position of the last entry.", stands.last_position)
        yield _gauge("read_models_position", "Position that the read models have reached.", stands.reached)
        yield _gauge("read_models_lag", "Positions that the read models are behind.", stands.lag)
        yield _gauge("unpublished_entries", "Entries that no published checkpoint covers yet.", stands.unpublished)
        yield _gauge("unpublished_logs", "Logs whose last entry no published checkpoint covers yet.", stands.behind)


def _gauge(name: str, help_text: str, value: float) -> Metric:
    return GaugeMetricFamily(f"{PREFIX}_{name}", help_text, value)
