"""One Node process that runs one environment of a Lambda function: start, ask, wait, freeze, kill."""

import json
import logging
import os
import queue
import signal
import subprocess
import threading
import time
from pathlib import Path
from typing import Any, BinaryIO

import psutil

LOG = logging.getLogger(__name__)

BOOTSTRAP = Path(__file__).with_name("bootstrap.mjs")
NODE = os.environ.get("TRAILBUS_NODE", "node")
POLL_SECONDS = 0.05
#: Share of a function's memory that is given to the heap; the rest is for buffers and Node itself.
HEAP_SHARE = 0.9
MEGABYTE = 1024 * 1024


class ProcessEnded(Exception):
    """The process left before it answered; the message says how, in Lambda's words."""


class TookTooLong(Exception):
    """No answer came before the deadline; the process was killed."""


class NodeProcess:
    """A Node process with a pipe for answers and a log file for whatever the function prints."""

    def __init__(self, root: Path, environment: dict[str, str], memory_megabytes: int, log: BinaryIO) -> None:
        read_end, write_end = os.pipe()
        heap = f"--max-old-space-size={int(memory_megabytes * HEAP_SHARE)}"
        self.memory_limit = memory_megabytes * MEGABYTE
        self.peak_memory = 0
        self._process = subprocess.Popen(
            [NODE, heap, str(BOOTSTRAP), str(write_end)],
            cwd=root,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            pass_fds=(write_end,),
        )
        os.close(write_end)
        self._answers: queue.Queue[dict[str, Any] | None] = queue.Queue()
        threading.Thread(target=self._collect, args=(read_end,), daemon=True).start()

    def ask(self, request: dict[str, Any]) -> None:
        """Wakes the process and hands it one request; a large one is written while the process reads."""
        self._signal(signal.SIGCONT)
        line = json.dumps(request).encode() + b"\n"
        threading.Thread(target=self._write, args=(line,), daemon=True).start()

    def answer(self, deadline: float) -> dict[str, Any]:
        """Waits for the next answer until `deadline` (monotonic seconds).

        Raises TookTooLong after the deadline and ProcessEnded when the process left, be it for its memory.
        """
        while (remaining := deadline - time.monotonic()) > 0:
            try:
                message = self._answers.get(timeout=min(remaining, POLL_SECONDS))
            except queue.Empty:
                self._watch_memory()
                continue
            if message is None:
                raise ProcessEnded(self._how_it_ended())
            self._watch_memory()
            return message
        self.kill()
        raise TookTooLong

    def freeze(self) -> None:
        """Stops the process between invocations, as Lambda does: work left behind waits for the next request."""
        self._signal(signal.SIGSTOP)

    def ended(self) -> bool:
        """Whether the process is gone."""
        return self._process.poll() is not None

    def kill(self) -> None:
        """Ends the process and reaps it."""
        self._signal(signal.SIGKILL)
        self._process.wait()

    def _signal(self, number: int) -> None:
        if self._process.poll() is None:
            self._process.send_signal(number)

    def _write(self, line: bytes) -> None:
        try:
            self._process.stdin.write(line)
            self._process.stdin.flush()
        except (OSError, ValueError):
            LOG.debug("the process left before it read its request")

    def _collect(self, read_end: int) -> None:
        with os.fdopen(read_end, "rb") as lines:
            for line in lines:
                self._answers.put(json.loads(line))
        self._answers.put(None)

    def _watch_memory(self) -> None:
        try:
            used = psutil.Process(self._process.pid).memory_info().rss
        except psutil.Error:
            return
        self.peak_memory = max(self.peak_memory, used)
        if used > self.memory_limit:
            self.kill()

    def _how_it_ended(self) -> str:
        code = self._process.wait()
        if code == 0:
            return "Runtime exited without providing a reason"
        names = {-signal.SIGKILL: "killed", -signal.SIGABRT: "aborted", -signal.SIGSEGV: "segmentation fault"}
        how = f"exit status {code}" if code > 0 else f"signal: {names.get(code, str(-code))}"
        return f"Runtime exited with error: {how}"
