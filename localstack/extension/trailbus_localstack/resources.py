"""CloudFormation resources of our stack that LocalStack 4.9.2 doesn't make: it would call them deployed and leave them out."""

import contextlib
import json
from collections.abc import Callable
from typing import Any

from localstack.services.cloudformation.resource_provider import (
    CloudFormationResourceProviderPlugin,
    OperationStatus,
    ProgressEvent,
    ResourceProvider,
    ResourceRequest,
)

Model = dict[str, Any]


def _done(model: Model) -> ProgressEvent[Model]:
    return ProgressEvent(status=OperationStatus.SUCCESS, resource_model=model)


def _given(model: Model, *names: str) -> Model:
    """The properties that the template has, as arguments of a call."""
    return {name: model[name] for name in names if name in model}


class ArchiveProvider(ResourceProvider[Model]):
    """`AWS::Events::Archive`; without a name it takes that of the stack and resource, as CloudFormation does."""

    SCHEMA = {"primaryIdentifier": ["/properties/ArchiveName"]}

    def create(self, request: ResourceRequest[Model]) -> ProgressEvent[Model]:
        model = request.desired_state
        model.setdefault("ArchiveName", f"{request.stack_name}-{request.logical_resource_id}"[:48])
        call = request.aws_client_factory.events.create_archive
        model["Arn"] = call(EventSourceArn=model["SourceArn"], **self._settings(model))["ArchiveArn"]
        return _done(model)

    def update(self, request: ResourceRequest[Model]) -> ProgressEvent[Model]:
        model = request.previous_state | request.desired_state
        request.aws_client_factory.events.update_archive(**self._settings(model))
        return _done(model)

    def delete(self, request: ResourceRequest[Model]) -> ProgressEvent[Model]:
        request.aws_client_factory.events.delete_archive(ArchiveName=request.previous_state["ArchiveName"])
        return _done({})

    def _settings(self, model: Model) -> Model:
        pattern = {"EventPattern": json.dumps(model["EventPattern"])} if "EventPattern" in model else {}
        days = {"RetentionDays": int(model["RetentionDays"])} if "RetentionDays" in model else {}
        return _given(model, "ArchiveName", "Description") | pattern | days


class TrailProvider(ResourceProvider[Model]):
    """`AWS::CloudTrail::Trail`, with what moto keeps of a trail."""

    SCHEMA = {"primaryIdentifier": ["/properties/TrailName"]}
    ARGUMENTS = ("S3BucketName", "S3KeyPrefix", "SnsTopicName", "CloudWatchLogsLogGroupArn", "CloudWatchLogsRoleArn")
    SWITCHES = ("IsMultiRegionTrail", "IncludeGlobalServiceEvents", "IsOrganizationTrail", "EnableLogFileValidation")

    def create(self, request: ResourceRequest[Model]) -> ProgressEvent[Model]:
        model = request.desired_state
        model.setdefault("TrailName", f"{request.stack_name}-{request.logical_resource_id}")
        return self._put(request.aws_client_factory.cloudtrail.create_trail, request, model)

    def update(self, request: ResourceRequest[Model]) -> ProgressEvent[Model]:
        model = request.previous_state | request.desired_state
        return self._put(request.aws_client_factory.cloudtrail.update_trail, request, model)

    def delete(self, request: ResourceRequest[Model]) -> ProgressEvent[Model]:
        request.aws_client_factory.cloudtrail.delete_trail(Name=request.previous_state["TrailName"])
        return _done({})

    def _put(self, call: Callable[..., Model], request: ResourceRequest[Model], model: Model) -> ProgressEvent[Model]:
        cloudtrail, name = request.aws_client_factory.cloudtrail, model["TrailName"]
        switches = {switch: _is_true(value) for switch, value in _given(model, *self.SWITCHES).items()}
        trail = call(Name=name, **_given(model, *self.ARGUMENTS), **switches)
        (cloudtrail.start_logging if _is_true(model["IsLogging"]) else cloudtrail.stop_logging)(Name=name)
        return _done(model | {"Arn": trail["TrailARN"]})


class RolePolicyProvider(ResourceProvider[Model]):
    """`AWS::IAM::RolePolicy`: a policy inside a role that stands elsewhere in the template."""

    SCHEMA = {"primaryIdentifier": ["/properties/PolicyName", "/properties/RoleName"]}

    def create(self, request: ResourceRequest[Model]) -> ProgressEvent[Model]:
        return self.update(request)

    def update(self, request: ResourceRequest[Model]) -> ProgressEvent[Model]:
        model = request.desired_state
        document = json.dumps(model["PolicyDocument"])
        request.aws_client_factory.iam.put_role_policy(**_given(model, "RoleName", "PolicyName"), PolicyDocument=document)
        return _done(model)

    def delete(self, request: ResourceRequest[Model]) -> ProgressEvent[Model]:
        iam = request.aws_client_factory.iam
        with contextlib.suppress(iam.exceptions.NoSuchEntityException):
            iam.delete_role_policy(**_given(request.previous_state, "RoleName", "PolicyName"))
        return _done({})


def _is_true(value: bool | str) -> bool:
    """CloudFormation gives booleans as they stand in the template: YAML's or text."""
    return str(value).lower() == "true"


class ArchivePlugin(CloudFormationResourceProviderPlugin):
    name = "AWS::Events::Archive"

    def load(self) -> None:
        self.factory = ArchiveProvider


class TrailPlugin(CloudFormationResourceProviderPlugin):
    name = "AWS::CloudTrail::Trail"

    def load(self) -> None:
        self.factory = TrailProvider


class RolePolicyPlugin(CloudFormationResourceProviderPlugin):
    name = "AWS::IAM::RolePolicy"

    def load(self) -> None:
        self.factory = RolePolicyProvider
