"""The index of the runbooks, from the alerts."""

from typing import Final

from observability.alerts import ALERTS
from observability.rules import with_defaults

_HEAD: Final = """\
# Runbooks

<!-- Written by `make generate` from scripts/observability/alerts.py: change it there. -->

There is one page for each alert: what it means, its impact, how to find the cause, and what to do. The commands take
your release from three variables:

```sh
export NAMESPACE=sentiment RELEASE=senti       # helm list --all-namespaces
export FULLNAME=senti-sentistream              # how the names of its pods begin
```

`charts/sentistream` has to be the chart of the version that runs (`helm -n $NAMESPACE history $RELEASE`), and Helm 3.14
or newer. With Redis or PostgreSQL of your own there is no pod `$FULLNAME-valkey-0` or `$FULLNAME-postgresql-0`: give
what follows `--` to a client of your own.

`critical` means that users notice or posts may be lost: act now, at night as well. `warning` can wait for the morning.

| alert | severity | after | what |
|---|---|---|---|
"""


def index() -> str:
    rows = [
        f"| [{alert.name}]({alert.name}.md) | {alert.severity} | {alert.after} | {alert.summary} |\n"
        for alert in ALERTS
    ]
    expressions = [f"\n**{alert.name}**\n\n```promql\n{with_defaults(alert.expr)}\n```\n" for alert in ALERTS]
    return _HEAD + "".join(rows) + "\n## Expressions\n\nWith the default thresholds.\n" + "".join(expressions)
