"""`Custom::…` resources, which LocalStack's free edition leaves out: a function is asked, and answers at an address of ours."""

import json
import queue
import threading
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from localstack.services.cloudformation.resource_provider import (
    CloudFormationResourceProviderPlugin,
    OperationStatus,
    ProgressEvent,
    ResourceProvider,
    ResourceRequest,
)

Model = dict[str, Any]

#: Longest a custom resource may take where the template has no ServiceTimeout; CloudFormation gives an hour.
DEFAULT_SECONDS = 120.0


class _Answers(ThreadingHTTPServer):
    """Takes the one answer that a custom resource puts to its ResponseURL."""

    def __init__(self) -> None:
        self.bodies: queue.Queue[bytes] = queue.Queue()
        super().__init__(("127.0.0.1", 0), _TakeAnswer)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/{uuid.uuid4()}"


class _TakeAnswer(BaseHTTPRequestHandler):
    server: _Answers

    def do_PUT(self) -> None:
        self.server.bodies.put(self.rfile.read(int(self.headers.get("content-length") or 0)))
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the function's own log says what it did."""


def _as_text(value: Any) -> Any:
    """CloudFormation hands properties to custom resources as text. Source: CloudFormation user guide, "Custom resource request objects"."""
    if isinstance(value, dict):
        return {key: _as_text(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_as_text(inner) for inner in value]
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)


class CustomResourceProvider(ResourceProvider[Model]):
    """Sends Create, Update and Delete to the function in ServiceToken and waits for its answer."""

    SCHEMA = {"primaryIdentifier": ["/properties/Id"]}

    def create(self, request: ResourceRequest[Model]) -> ProgressEvent[Model]:
        return self._ask("Create", request, request.desired_state)

    def update(self, request: ResourceRequest[Model]) -> ProgressEvent[Model]:
        return self._ask("Update", request, request.previous_state | request.desired_state)

    def delete(self, request: ResourceRequest[Model]) -> ProgressEvent[Model]:
        return self._ask("Delete", request, request.previous_state)

    def _ask(self, kind: str, request: ResourceRequest[Model], model: Model) -> ProgressEvent[Model]:
        answers = _Answers()
        threading.Thread(target=answers.serve_forever, daemon=True).start()
        try:
            message = json.dumps(self._message(kind, request, model, answers.url))
            request.aws_client_factory.lambda_.invoke(FunctionName=model["ServiceToken"], InvocationType="Event", Payload=message)
            answer = json.loads(answers.bodies.get(timeout=float(model.get("ServiceTimeout") or DEFAULT_SECONDS)))
        except queue.Empty:
            return ProgressEvent(status=OperationStatus.FAILED, resource_model=model, message="the custom resource did not answer")
        finally:
            answers.shutdown()
            answers.server_close()
        if answer["Status"] != "SUCCESS":
            return ProgressEvent(status=OperationStatus.FAILED, resource_model=model, message=answer.get("Reason", "no reason given"))
        made = model | answer.get("Data", {}) | {"Id": answer["PhysicalResourceId"]}
        return ProgressEvent(status=OperationStatus.SUCCESS, resource_model=made)

    def _message(self, kind: str, request: ResourceRequest[Model], model: Model, url: str) -> Model:
        physical = {"PhysicalResourceId": model["Id"]} if "Id" in model else {}
        properties = {name: _as_text(value) for name, value in model.items() if name != "Id"}
        return {
            "RequestType": kind,
            "ResponseURL": url,
            "StackId": request.stack_id,
            "RequestId": str(uuid.uuid4()),
            "LogicalResourceId": request.logical_resource_id,
            "ResourceType": "AWS::CloudFormation::CustomResource",
            "ResourceProperties": properties,
            **physical,
        }


class CustomResourcePlugin(CloudFormationResourceProviderPlugin):
    name = "AWS::CloudFormation::CustomResource"

    def load(self) -> None:
        self.factory = CustomResourceProvider
