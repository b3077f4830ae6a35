"""The worker as a whole: it connects, runs the pipeline and shuts down."""

import asyncio
from functools import partial

from sentistream_core.background import end_tasks, start_task
from sentistream_core.broker.client import connect
from sentistream_core.broker.consumer_group import Consumer
from sentistream_core.database.entry_ids import read_entry_ids
from sentistream_core.database.pool import create_pool, is_outage, postgresql
from sentistream_core.database.schema import wait_for_schema
from sentistream_core.dependency import Dependency, GivingUpError, retry
from sentistream_core.log import get_logger
from sentistream_core.operations_server import Health, start_operations_server
from sentistream_core.shutdown import shutdown_requested
from sentistream_core.tracing import Tracing, trace_posts
from sentistream_worker import metrics
from sentistream_worker.capacity import Capacity, warm_up
from sentistream_worker.model import Model
from sentistream_worker.pipeline.claims import Claims
from sentistream_worker.pipeline.classifier import Classifier
from sentistream_worker.pipeline.reader import Reader
from sentistream_worker.pipeline.stages import Pipeline
from sentistream_worker.pipeline.writer import Writer
from sentistream_worker.presence import announce
from sentistream_worker.settings import WorkerSettings


async def run(settings: WorkerSettings, model: Model) -> None:
    """Process posts until SIGTERM or SIGINT; then finish the batches that were read, and return."""
    with trace_posts("worker", settings) as tracing:
        await _run(settings, model, tracing)


async def _run(settings: WorkerSettings, model: Model, tracing: Tracing) -> None:
    stop = shutdown_requested()
    give_up = asyncio.Event()
    health = Health()
    start_operations_server(settings, health)
    database, broker = postgresql(), Dependency("redis")
    [partition] = settings.topology.partitions
    consumer = Consumer(partition, settings.pod_name)
    redis = connect(settings, f"worker-{settings.pod_name}")
    pool = create_pool(
        settings.database_url, name="sentistream-worker", size=2, timeout_seconds=settings.database_timeout_seconds
    )
    capacity = Capacity(full_batch=max(1, settings.worker_batch_size // 2))
    await asyncio.to_thread(warm_up, model, capacity)
    metrics.MODEL_INFO.labels(model.model).set(1)
    claims = Claims(redis, idle_milliseconds=settings.worker_claim_idle_ms)
    writer = Writer(pool, redis, settings, dependencies=(database, broker), tracing=tracing, give_up=give_up)
    tasks = [
        start_task(each, name)
        for each, name in (
            (health.beat(), "heartbeat"),
            (claims.keep(), "claims"),
            (announce(redis, settings.pod_name, capacity, lambda: writer.ended), "presence"),
            (_end_grace(stop, give_up, settings.worker_grace_seconds), "grace"),
        )
    ]
    async with redis, pool:
        try:
            await wait_for_schema(pool, database, stop)
            ids = await retry(partial(read_entry_ids, pool), dependency=database, is_outage=is_outage, give_up=stop)
            health.started()
            get_logger().info("worker started", model=model.model, consumer=settings.pod_name)
            await Pipeline(
                Reader(redis, consumer, settings, ids=ids, broker=broker, stop=stop),
                Classifier(model, capacity, max_deliveries=settings.worker_max_deliveries),
                writer,
                claims=claims,
                health=health,
                settings=settings,
                stop=stop,
            ).run()
        except GivingUpError as error:
            get_logger().info("stopped before startup was complete", error=str(error))
        finally:
            await end_tasks(tasks)
    get_logger().info("worker stopped")


async def _end_grace(stop: asyncio.Event, give_up: asyncio.Event, seconds: float) -> None:
    await stop.wait()
    await asyncio.sleep(seconds)
    give_up.set()
