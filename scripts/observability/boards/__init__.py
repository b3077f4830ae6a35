"""The five dashboards."""

from grafana_foundation_sdk.cog.encoder import JSONEncoder

from observability.boards.api import API
from observability.boards.lag import LAG
from observability.boards.model import MODEL
from observability.boards.servers import SERVERS
from observability.boards.stages import STAGES

BOARDS = (LAG, STAGES, MODEL, API, SERVERS)


def documents() -> dict[str, str]:
    """What Grafana loads, by the dashboards' uids."""
    return {board.uid: JSONEncoder(indent=2).encode(board.build()) + "\n" for board in BOARDS}
