"""Numbers and rows of totals as families of Prometheus metrics."""

from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.utils import floatToGoString

from jobs.models import Tally

Values = dict[tuple[str, ...], float]


def gauge(name: str, told: str, labels: tuple[str, ...], values: Values) -> Metric:
    metric = GaugeMetricFamily(name, told, labels=labels)
    for key, value in values.items():
        metric.add_metric(key, value)
    return metric


def counter(
    name: str, told: str, labels: tuple[str, ...], rows: list[Tally], zeros: Values
) -> Metric:
    totals = dict(zeros)
    for row in rows:
        key = tuple(getattr(row, label) for label in labels)
        totals[key] = totals.get(key, 0) + row.count
    metric = CounterMetricFamily(name, told, labels=labels)
    for key, value in totals.items():
        metric.add_metric(key, value)
    return metric


def histogram(name: str, told: str, label: str, rows: list[Tally], ends: list[float]) -> Metric:
    """Rows count what fell into one bucket each; Prometheus wants what fell below its end."""
    metric = HistogramMetricFamily(name, told, labels=[label])
    by_label: dict[str, list[Tally]] = {}
    for row in rows:
        by_label.setdefault(getattr(row, label), []).append(row)
    for value, own in by_label.items():
        buckets = [
            (floatToGoString(end), sum(row.count for row in own if row.bucket <= end))
            for end in ends
        ]
        metric.add_metric([value], buckets, sum_value=sum(row.seconds for row in own))
    return metric
