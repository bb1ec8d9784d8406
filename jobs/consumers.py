"""The sockets: one job, or all of the user's own; each sends snapshots and takes nothing."""

import asyncio
import logging
import random

from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from django.db import Error as DatabaseFault

from jobs import conf
from jobs.live import Change, Topic, current_hub, reading, rights
from jobs.live.outlet import Outlet

logger = logging.getLogger(__name__)

DONE = 1000
TOO_SLOW = 1013  # "try again later": the browser comes back and gets the state as it is
# Snapshots that may wait for one slow socket (only the newest of a job does).
LONGEST_BOX = 200


class SnapshotConsumer(AsyncWebsocketConsumer):
    """Accepts, checks the right, sends what is, then each change; checks again while open.

    Accepting first lets a browser read the close code (a refusal before it arrives as 1006), and
    a database that is slow, or a thousand browsers coming back at once, fails no handshake.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.seat: rights.Seat | None = None
        self.topic: Topic | None = None
        self.job_id: int | None = None
        self._box: dict[int, Change] = {}
        self._sent: dict[int, int] = {}
        self._is_open = False
        self._outlet: Outlet | None = None
        self._sending: asyncio.Task | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._checking: asyncio.Task | None = None

    # -- what differs between the two sockets ---------------------------------------------

    def subject(self, user) -> Topic:
        raise NotImplementedError

    async def opening(self, user) -> tuple[int | None, list[Change]]:
        """The close code if the user may not watch, else the state as it is."""
        raise NotImplementedError

    # -- life -----------------------------------------------------------------------------

    async def connect(self):
        await self.accept()
        session_key = self.scope["cookies"].get(settings.SESSION_COOKIE_NAME)
        user = await rights.opening_user(session_key)
        if user is None:
            await self.finish(rights.NOT_LOGGED_IN)
            return
        self.seat = rights.Seat(session_key, user.pk)
        self.topic = self.subject(user)
        # Watch before reading: a change between the two is heard, and sent once all is settled.
        current_hub().watch(self.topic, self)
        code, changes = await self.opening(user)
        if code is not None:
            await self.finish(code)
            return
        for change in changes:
            if change.version >= self._newest(change.job_id):
                self._box[change.job_id] = change
        self._check_later()
        self._outlet = Outlet(self.base_send)
        self._is_open = True
        await self._drain()

    async def receive(self, text_data=None, bytes_data=None):
        """Nothing a client says is acted on."""

    async def disconnect(self, code):
        self._leave()

    async def finish(self, code: int) -> None:
        self._leave()
        await self.close(code)

    def _leave(self) -> None:
        self._is_open = False
        self._box.clear()
        if self._timer is not None:
            self._timer.cancel()
        if self._checking is not None and self._checking is not asyncio.current_task():
            self._checking.cancel()
        if self.topic is not None:
            current_hub().leave(self.topic, self)

    # -- sending --------------------------------------------------------------------------

    def push(self, change: Change) -> None:
        """Called by the hub; never waits."""
        if change.version <= self._newest(change.job_id):
            return
        self._box[change.job_id] = change
        if self._is_open and self._sending is None and not self._sent_at_once(change):
            self._sending = asyncio.create_task(self._drain())
            self._sending.add_done_callback(self._drained)

    def _sent_at_once(self, change: Change) -> bool:
        """Most changes: nothing waits before them, and nothing is to be done after them."""
        if self._outlet is None or change.is_final or len(self._box) > 1:
            return False
        if not self._outlet.write(change.text):
            return False
        del self._box[change.job_id]
        self._sent[change.job_id] = change.version
        return True

    def _newest(self, job_id: int) -> int:
        waiting = self._box.get(job_id)
        return waiting.version if waiting else self._sent.get(job_id, -1)

    async def _drain(self) -> None:
        """Sends what waits, the oldest job first, until nothing does."""
        while self._box and self._is_open:
            if len(self._box) > LONGEST_BOX:
                await self.finish(TOO_SLOW)
                return
            if self._outlet is not None and self._outlet.is_behind:
                # Daphne's `send` never waits: what it is given piles up there.
                await asyncio.sleep(conf.LIVE_INTERVAL)
                continue
            change = self._box.pop(next(iter(self._box)))
            self._sent[change.job_id] = change.version
            await self.send(text_data=change.text)
            if change.is_final:
                await self.ended(change)

    async def ended(self, change: Change) -> None:
        raise NotImplementedError

    def _drained(self, task: asyncio.Task) -> None:
        self._sending = None
        if not task.cancelled() and task.exception() is not None:
            logger.warning("A progress socket failed while sending", exc_info=task.exception())
            self._leave()

    # -- the right to watch, while the socket lives ---------------------------------------

    def _check_later(self) -> None:
        # Jitter: a thousand sockets opened together are not checked together.
        wait = conf.LIVE_RECHECK * random.uniform(0.8, 1.0)  # noqa: S311  guards nothing
        self._timer = asyncio.get_running_loop().call_later(wait, self._start_check)

    def _start_check(self) -> None:
        self._checking = asyncio.create_task(self._check())

    async def _check(self) -> None:
        try:
            code = await rights.checked_again(self.seat, self.job_id)
        except DatabaseFault as error:
            logger.warning("A progress socket's right could not be checked: %s", error)
            code = None
        if code is None:
            self._check_later()
        else:
            await self.finish(code)


class JobConsumer(SnapshotConsumer):
    """/ws/jobs/<id>/: one job's snapshots; closes after a final one."""

    def subject(self, user) -> Topic:
        self.job_id = int(self.scope["url_route"]["kwargs"]["pk"])
        return Topic.job(self.job_id)

    async def opening(self, user) -> tuple[int | None, list[Change]]:
        code, row = await rights.opened_job(user, self.job_id)
        return code, [Change(**row)] if row else []

    async def ended(self, change: Change) -> None:
        await self.finish(DONE)


class MyJobsConsumer(SnapshotConsumer):
    """/ws/jobs/: the snapshots of every job the user owns, from those that live now on."""

    def subject(self, user) -> Topic:
        return Topic.owner(user.pk)

    async def opening(self, user) -> tuple[int | None, list[Change]]:
        rows = await reading.live_of(user.pk, LONGEST_BOX)
        return None, [Change(**row) for row in rows]

    async def ended(self, change: Change) -> None:
        """Stays open for the next job; an ended one needs no memory."""
        self._sent.pop(change.job_id, None)


class UnknownConsumer(AsyncWebsocketConsumer):
    """Any other address: refused as not found, not as a fault of the server."""

    async def connect(self):
        await self.accept()
        await self.close(rights.NOT_FOUND)
