"""Figures for operators, in the text format of Prometheus."""

import time
from collections.abc import Iterator, Mapping

from apiflask import APIFlask
from flask import Response, g, request
from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from adapters.bootstrap import Application

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class WebMetrics:
    """Counts and times requests in a registry of its own, so that several applications can live in one process."""

    def __init__(self, application: Application) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "i2i_http_requests", "Requests answered.", ("method", "route", "status"), registry=self.registry
        )
        self._seconds = Histogram(
            "i2i_http_request_seconds", "Time to the answer.", ("route",), buckets=BUCKETS, registry=self.registry
        )
        self.registry.register(StateCollector(application))

    def observe(self, status: int) -> None:
        """Record the current request; addresses that lead nowhere count as one."""
        route = request.url_rule.rule if request.url_rule is not None else "unknown"
        method = request.method if request.method in METHODS else "other"
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(time.monotonic() - g.get("started", time.monotonic()))


class StateCollector(Collector):
    """Counts orders, pictures and credits whenever somebody asks; a database in memory is not counted."""

    def __init__(self, application: Application) -> None:
        self._application = application

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield the gauges."""
        from adapters.storage.sql.figures import count_everything

        if not hasattr(self._application.database, "connect"):
            return
        figures = count_everything(self._application.database)
        yield _gauge("i2i_orders", "Orders by status.", "status", figures.orders)
        yield _gauge("i2i_items", "Pictures of runs by state.", "state", figures.items)
        yield _gauge("i2i_queue_depth", "Pictures that wait for a worker.", "", {"": figures.items["queued"]})
        yield _gauge("i2i_credits", "Credits of all customers.", "part", figures.credits)

    def describe(self) -> list[GaugeMetricFamily]:
        """Name nothing beforehand: registering must not ask the database."""
        return []


def _gauge(name: str, about: str, label: str, values: Mapping[str, int]) -> GaugeMetricFamily:
    gauge = GaugeMetricFamily(name, about, labels=[label] if label else [])
    for key, value in values.items():
        gauge.add_metric([key] if label else [], value)
    return gauge


def register(app: APIFlask, application: Application) -> None:
    """Observe every answer."""
    metrics = WebMetrics(application)
    app.extensions["i2i_metrics"] = metrics

    @app.after_request
    def observe(response: Response) -> Response:
        metrics.observe(response.status_code)
        return response
