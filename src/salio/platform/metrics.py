"""The metrics page: what the stages counted, read at the moment of asking."""

from collections.abc import Callable, Iterable, Mapping

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

Readings = Mapping[str, tuple[str, Callable[[], int]]]
"""Name → (help, reader)."""


class _Readers(Collector):
    def __init__(self, counters: Readings, gauges: Readings) -> None:
        self._counters = counters
        self._gauges = gauges

    def collect(self) -> Iterable[Metric]:
        for name, (text, read) in self._counters.items():
            counter = CounterMetricFamily(name, text)
            counter.add_metric([], read())
            yield counter
        for name, (text, read) in self._gauges.items():
            yield GaugeMetricFamily(name, text, value=read())


def conflict_counts(conflicts: Callable[[], int]) -> Readings:
    """How often other transactions of the store were in the way of this process's, since the start."""
    return {"salio_store_conflicts": ("Commits that another transaction was in the way of", conflicts)}


def page(counters: Readings, gauges: Readings) -> Callable[[], bytes]:
    """A function that prints the present readings, and the process's own, in Prometheus' text format."""
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    registry.register(_Readers(counters, gauges))
    return lambda: generate_latest(registry)
