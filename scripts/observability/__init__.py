"""Grafana dashboards and Prometheus alerts, made from one source."""
