"""Figures for operators, in the text format of Prometheus."""

import time

from apiflask import APIFlask
from flask import Response, g, request
from prometheus_client import CollectorRegistry, Counter, Histogram

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class WebMetrics:
    """Counts and times requests in a registry of its own, so that several applications can live in one process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "i2i_http_requests", "Requests answered.", ("method", "route", "status"), registry=self.registry
        )
        self._seconds = Histogram(
            "i2i_http_request_seconds", "Time to the answer.", ("route",), buckets=BUCKETS, registry=self.registry
        )

    def observe(self, status: int) -> None:
        """Record the current request."""
        route = request.url_rule.rule if request.url_rule is not None else "unknown"
        self._requests.labels(request.method, route, str(status)).inc()
        self._seconds.labels(route).observe(time.monotonic() - g.get("started", time.monotonic()))


def register(app: APIFlask) -> None:
    """Observe every answer."""
    metrics = WebMetrics()
    app.extensions["i2i_metrics"] = metrics

    @app.after_request
    def observe(response: Response) -> Response:
        metrics.observe(response.status_code)
        return response
