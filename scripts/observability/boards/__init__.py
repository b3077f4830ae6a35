"""The five dashboards."""

from observability.boards.api import API
from observability.boards.lag import LAG
from observability.boards.model import MODEL
from observability.boards.servers import SERVERS
from observability.boards.stages import STAGES

BOARDS = (LAG, STAGES, MODEL, API, SERVERS)
