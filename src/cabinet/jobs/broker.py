"""Django's Tasks on Celery and RabbitMQ, for an installation of several machines.

``TASKS_BACKEND=cabinet.jobs.broker.CeleryBackend`` chooses it. Messages hold ids only, wait on disk, and are given back
to the queue when the worker that took them dies. Whether a piece of work was done is told by its row in the database
(:mod:`cabinet.jobs.services`), never by the broker: a message that is lost is sent again from that row, and one that
comes twice finds the row taken.
"""

import logging
from typing import Any
from uuid import uuid4

from celery import Celery
from django.conf import settings
from django.tasks import Task
from django.tasks.backends.base import BaseTaskBackend
from django.tasks.base import TaskResult, TaskResultStatus
from django.tasks.signals import task_enqueued
from django.utils import timezone
from django.utils.module_loading import import_string
from kombu.entity import Queue
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)

RUN = "bocage.run"
PATIENCE_SECONDS = 3
"""A page does not wait longer for a broker that does not answer: the scheduler sends the work again."""
CHILD_MEMORY_KIB = 1024 * 1024
"""A worker process that has grown past this is replaced once its work is done."""


class CeleryBackend(BaseTaskBackend):
    """Sends each task to the RabbitMQ queue of its name. No result is kept: rows of the database tell the outcome."""

    supports_priority = True
    """Told by the queues: a message of ``batch`` never stands before one of ``interactive``."""

    def __init__(self, alias: str, params: dict[str, Any]) -> None:
        super().__init__(alias, params)
        self.app = _application(sorted(self.queues))

    def enqueue[**P, R](self, task: Task[P, R], args: Any, kwargs: Any) -> TaskResult[P, R]:
        """Send the task. A broker that cannot be reached is no error here: the row of the work is waiting."""
        self.validate_task(task)
        result: TaskResult[P, R] = TaskResult(
            task=task,
            id=str(uuid4()),
            status=TaskResultStatus.READY,
            enqueued_at=timezone.now(),
            started_at=None,
            last_attempted_at=None,
            finished_at=None,
            args=args,
            kwargs=kwargs,
            backend=self.alias,
            errors=[],
            worker_ids=[],
        )
        try:
            self.app.send_task(
                RUN,
                args=[task.module_path, result.args, result.kwargs],
                task_id=result.id,
                queue=queue_name(task.queue_name),
                retry_policy={"max_retries": 1, "interval_start": 0},
            )
        except (OperationalError, OSError) as error:
            logger.error("broker unreachable (%s): %s waits for the scheduler", type(error).__name__, task.name)
        else:
            task_enqueued.send(type(self), task_result=result)
        return result


def queue_name(name: str) -> str:
    """The queue's name on the broker, which other installations may share."""
    return f"{settings.RABBITMQ_PREFIX}.{name}"


def run(path: str, args: list[Any], kwargs: dict[str, Any]) -> None:
    """Do one piece of work, in a worker. Never raises: the text of an exception may quote a file."""
    task = import_string(path)
    if not isinstance(task, Task):
        logger.error("not a task: %s", path)
        return
    try:
        task.call(*args, **kwargs)
    except Exception as error:
        logger.error("%s failed with %s", task.name, type(error).__name__)


def _application(queues: list[str]) -> Celery:
    app = Celery("bocage", broker=settings.RABBITMQ_URL, set_as_current=False)
    app.conf.update(
        task_queues=[Queue(queue_name(name), durable=True) for name in queues],  # type: ignore[no-untyped-call]
        task_default_queue=queue_name(queues[-1]),
        task_create_missing_queues=False,
        task_ignore_result=True,
        task_serializer="json",
        accept_content=["json"],
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        worker_prefetch_multiplier=1,
        worker_max_memory_per_child=CHILD_MEMORY_KIB,
        worker_hijack_root_logger=False,
        worker_enable_remote_control=False,
        worker_cancel_long_running_tasks_on_connection_loss=False,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_connection_timeout=PATIENCE_SECONDS,
        broker_transport_options={"confirm_publish": True, "max_retries": 1},
        timezone=settings.TIME_ZONE,
    )
    app.task(run, name=RUN, acks_late=True)
    return app
