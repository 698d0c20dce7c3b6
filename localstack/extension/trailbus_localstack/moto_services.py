"""Services that LocalStack's free edition lacks, answered by moto, which LocalStack carries anyway.

CloudTrail, DynamoDB, GuardDuty, Organizations, RDS and Security Hub are moto's; `ListPublicKeys` and Service Quotas are our own.
"""

from typing import Any

from botocore.exceptions import ClientError
from localstack.aws.api import RequestContext
from localstack.aws.connect import connect_to
from localstack.aws.skeleton import Skeleton
from localstack.aws.spec import load_service
from localstack.services.moto import call_moto
from localstack.services.plugins import Service, aws_provider

from trailbus_localstack import public_keys, quotas

#: moto keeps the resources of a partition under its name.
PARTITION = "aws"


def _moto(context: RequestContext, request: dict[str, Any]) -> Any:
    return call_moto(context)


def _service(api: str, **own: Any) -> Service:
    """A service whose operations are moto's, but for the handlers given by operation name."""
    model = load_service(api)
    handlers = dict.fromkeys(model.operation_names, _moto) | own
    return Service(name=api, skeleton=Skeleton(model, handlers))


def _with_bucket(context: RequestContext, request: dict[str, Any]) -> Any:
    """Forwards a trail to moto, which looks for the trail's bucket among its own: LocalStack's is made known to it first."""
    bucket = request.get("S3BucketName")
    if bucket and _bucket_exists(context, bucket):
        _create_bucket_in_moto(context, bucket)
    return call_moto(context)


def _bucket_exists(context: RequestContext, bucket: str) -> bool:
    s3 = connect_to(aws_access_key_id=context.account_id, region_name=context.region).s3
    try:
        s3.head_bucket(Bucket=bucket)
    except ClientError:
        return False
    return True


def _create_bucket_in_moto(context: RequestContext, bucket: str) -> None:
    from moto.s3.models import s3_backends

    backend = s3_backends[context.account_id][PARTITION]
    if bucket not in backend.buckets:
        backend.create_bucket(bucket, context.region)


@aws_provider(api="cloudtrail")
def cloudtrail() -> Service:
    return _service("cloudtrail", CreateTrail=_with_bucket, UpdateTrail=_with_bucket, ListPublicKeys=public_keys.list_public_keys)


@aws_provider(api="dynamodb", name="moto")
def dynamodb() -> Service:
    return _service("dynamodb")


@aws_provider(api="guardduty")
def guardduty() -> Service:
    return _service("guardduty")


@aws_provider(api="organizations")
def organizations() -> Service:
    return _service("organizations")


@aws_provider(api="rds")
def rds() -> Service:
    return _service("rds")


@aws_provider(api="securityhub")
def securityhub() -> Service:
    return _service("securityhub")


@aws_provider(api="service-quotas")
def service_quotas() -> Service:
    own = {
        "GetServiceQuota": quotas.get_service_quota,
        "GetAWSDefaultServiceQuota": quotas.get_service_quota,
        "ListServiceQuotas": quotas.list_service_quotas,
        "ListAWSDefaultServiceQuotas": quotas.list_service_quotas,
    }
    return _service("service-quotas", **own)
