"""Grafana dashboards and Prometheus alerts, written from one source: `make dashboards`."""
