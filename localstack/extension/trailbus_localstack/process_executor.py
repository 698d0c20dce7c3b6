"""Runs Lambda functions as local Node processes, where LocalStack's own executor needs Docker."""

import json
import math
import os
import shutil
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from localstack import config
from localstack.services.lambda_.invocation.lambda_models import FunctionVersion, InvocationResult
from localstack.services.lambda_.invocation.plugins import RuntimeExecutorPlugin
from localstack.services.lambda_.invocation.runtime_executor import LambdaRuntimeException, RuntimeExecutor

from trailbus_localstack.node_process import MEGABYTE, NODE, NodeProcess, ProcessEnded, TookTooLong

#: Lambda gives a new environment ten seconds; a slower start is tried again within the first invocation's time.
#: Source: Lambda developer guide, "Lambda execution environment lifecycle", init phase.
INIT_SECONDS = 10.0
#: Where the log files of all environments go, a folder a function.
LOG_FOLDER = Path(os.environ.get("TRAILBUS_LAMBDA_LOGS") or Path(tempfile.gettempdir()) / "lambda-logs")
ENDPOINT_HOST = "127.0.0.1"


class ProcessExecutor(RuntimeExecutor):
    """One environment of one function version; it keeps its process from one invocation to the next."""

    def __init__(self, id: str, function_version: FunctionVersion) -> None:
        super().__init__(id, function_version)
        folder = LOG_FOLDER / function_version.id.function_name
        folder.mkdir(parents=True, exist_ok=True)
        self._log_path = folder / f"{id}.log"
        self._log = self._log_path.open("ab", buffering=0)
        self._scratch = Path(tempfile.mkdtemp(prefix="trailbus-lambda-"))
        self._environment: dict[str, str] = {}
        self._node: NodeProcess | None = None
        self._init_failure: dict[str, Any] | None = None
        self._peak_memory = 0
        self._logs_returned = 0

    def start(self, env_vars: dict[str, str]) -> None:
        """Starts the process. A function that fails to load isn't an error here: its first invocation reports it, as on Lambda."""
        self.function_version.config.code.prepare_for_execution()
        self._environment = self._environment_of(env_vars)
        try:
            self._init_failure = self._init(time.monotonic() + INIT_SECONDS)
        except TookTooLong:
            self._print(f"INIT_REPORT Init Duration: {INIT_SECONDS * 1000:.2f} ms\tPhase: init\tStatus: timeout")

    def stop(self) -> None:
        """Ends the process; an invocation still waiting is answered as one whose runtime left."""
        if self._node:
            self._node.kill()
        shutil.rmtree(self._scratch, ignore_errors=True)

    def invoke(self, payload: dict[str, str]) -> InvocationResult:
        """Runs one invocation and gives its result with the lines logged since the last one."""
        request_id = payload["invoke-id"]
        self._print(f"START RequestId: {request_id} Version: {self.function_version.id.qualifier}")
        started = time.monotonic()
        answer = self._answer(payload, started)
        self._print_report(request_id, time.monotonic() - started)
        body, is_error = _body(answer)
        return InvocationResult(request_id, body, is_error=is_error, logs=self._new_logs())

    def get_logs(self) -> str:
        return self._log_path.read_text(errors="replace")

    def get_address(self) -> str:
        return ENDPOINT_HOST

    def get_endpoint_from_executor(self) -> str:
        return ENDPOINT_HOST

    def get_runtime_endpoint(self) -> str:
        return ""

    @classmethod
    def prepare_version(cls, function_version: FunctionVersion) -> None:
        """Unpacks the code, or says why this executor can't run it: LocalStack shows the reason as the function's state."""
        runtime = function_version.config.runtime or "a container image"
        if not runtime.startswith("nodejs"):
            raise LambdaRuntimeException(f"the process executor runs nodejs functions, not {runtime}")
        if not shutil.which(NODE):
            raise LambdaRuntimeException(f"the process executor found no `{NODE}` on the path")
        function_version.config.code.prepare_for_execution()

    @classmethod
    def cleanup_version(cls, function_version: FunctionVersion) -> None:
        """Leaves the code where it is: after a change of configuration the next version runs from the same folder."""

    def _init(self, deadline: float) -> dict[str, Any] | None:
        """Starts a process and waits until its handler is loaded; gives the error shape when that fails."""
        settings = self.function_version.config
        root = Path(self._environment["LAMBDA_TASK_ROOT"])
        self._print(f"INIT_START Runtime Version: {settings.runtime} as a local process")
        self._node = NodeProcess(root, self._environment, settings.memory_size, self._log)
        try:
            answer = self._node.answer(deadline)
        except ProcessEnded as ended:
            answer = {"error": {"errorType": "Runtime.ExitError", "errorMessage": str(ended)}}
        except TookTooLong:
            self._forget_process()
            raise
        if "ready" in answer:
            return None
        self._forget_process()
        return answer["error"]

    def _answer(self, payload: dict[str, str], started: float) -> dict[str, Any]:
        """Asks the process, a new one if need be; every way it can fail becomes an error shape."""
        request_id = payload["invoke-id"]
        timeout = self.function_version.config.timeout
        try:
            failure = self._ready(started + timeout)
            return {"error": failure} if failure else self._ask(payload, started + timeout)
        except TookTooLong:
            self._forget_process()
            message = f"Task timed out after {timeout:.2f} seconds"
            self._print(f"{datetime.now(UTC).isoformat(timespec='milliseconds')} {request_id} {message}\n")
            return _error("Sandbox.Timedout", f"RequestId: {request_id} Error: {message}")
        except ProcessEnded as ended:
            self._forget_process()
            self._print(f"RequestId: {request_id} Error: {ended}\nRuntime.ExitError")
            return _error("Runtime.ExitError", f"RequestId: {request_id} Error: {ended}")

    def _ready(self, deadline: float) -> dict[str, Any] | None:
        """Sees to it that a process is there; gives the error shape of a failed start, each of which is told once."""
        failure, self._init_failure = self._init_failure, None
        if failure or (self._node and not self._node.ended()):
            return failure
        return self._init(deadline)

    def _ask(self, payload: dict[str, str], deadline: float) -> dict[str, Any]:
        request = {
            "id": payload["invoke-id"],
            "arn": payload.get("invoked-function-arn"),
            "trace": payload.get("trace-id"),
            "event": payload["payload"] or "null",
            "deadlineMillis": round((time.time() + deadline - time.monotonic()) * 1000),
        }
        self._node.ask(request)
        answer = self._node.answer(deadline)
        if answer.get("leaving"):
            self._forget_process()
        else:
            self._node.freeze()
        return answer

    def _forget_process(self) -> None:
        """The next invocation starts a new process; this one's memory still stands in the report."""
        if self._node:
            self._peak_memory = self._node.peak_memory
            self._node.kill()
        self._node = None

    def _environment_of(self, env_vars: dict[str, str]) -> dict[str, str]:
        """The function's own variables and Lambda's, with nothing of LocalStack's environment but the path to programs."""
        minimum = {"PATH": os.environ["PATH"], "LANG": "en_US.UTF-8", "HOME": str(self._scratch), "TMPDIR": str(self._scratch)}
        given = {name: str(value) for name, value in env_vars.items()}
        runtime = self.function_version.config.runtime
        root = self.function_version.config.code.get_unzipped_code_location()
        return minimum | given | {"AWS_EXECUTION_ENV": f"AWS_Lambda_{runtime}", "LAMBDA_TASK_ROOT": str(root)}

    def _print(self, line: str) -> None:
        self._log.write(f"{line}\n".encode())

    def _print_report(self, request_id: str, seconds: float) -> None:
        """The two lines Lambda ends an invocation with."""
        millis = seconds * 1000
        size = self.function_version.config.memory_size
        used = (self._node.peak_memory if self._node else self._peak_memory) // MEGABYTE
        self._print(f"END RequestId: {request_id}")
        self._print(
            f"REPORT RequestId: {request_id}\tDuration: {millis:.2f} ms\tBilled Duration: {math.ceil(millis)} ms"
            f"\tMemory Size: {size} MB\tMax Memory Used: {used} MB"
        )

    def _new_logs(self) -> str:
        """What was logged since the last call: a cold start's lines and stragglers of the last invocation come with the next."""
        with self._log_path.open("rb") as log:
            log.seek(self._logs_returned)
            text = log.read()
        self._logs_returned += len(text)
        return text.decode(errors="replace")


class ProcessExecutorPlugin(RuntimeExecutorPlugin):
    """Lets `LAMBDA_RUNTIME_EXECUTOR=process` choose this executor."""

    name = "process"

    def load(self, *args: Any, **kwargs: Any) -> type[RuntimeExecutor]:
        return ProcessExecutor


def _error(error_type: str, message: str) -> dict[str, Any]:
    return {"error": {"errorType": error_type, "errorMessage": message}}


def _body(answer: dict[str, Any]) -> tuple[bytes, bool]:
    """The result's bytes and whether it is an error; a result that is too large becomes one."""
    if "error" in answer:
        return json.dumps(answer["error"]).encode(), True
    body = answer["payload"].encode()
    limit = config.LAMBDA_LIMITS_MAX_FUNCTION_PAYLOAD_SIZE_BYTES
    if len(body) <= limit:
        return body, False
    message = f"Response payload size exceeded maximum allowed payload size ({limit} bytes)."
    return _body(_error("Function.ResponseSizeTooLarge", message))
