"""Service Quotas for what a trail on a bus runs into; moto has none of them."""

from typing import Any

from localstack.aws.api import CommonServiceException, RequestContext

#: Service, code, name, value and whether it can be raised: AWS's defaults in us-east-1.
#: Source: AWS General Reference, "Service endpoints and quotas" (read 2026-11-22).
DEFAULTS = [
    ("events", "L-244521F2", "Number of rules", 300.0, True),
    ("events", "L-5540C5E3", "Invocations throttle limit in transactions per second", 18750.0, True),
    ("events", "L-658A4FD9", "Event buses", 100.0, True),
    ("lambda", "L-B99A9384", "Concurrent executions", 1000.0, True),
]


def get_service_quota(context: RequestContext, request: dict[str, Any]) -> dict[str, Any]:
    """One quota by its code."""
    for quota in _quotas(context, request["ServiceCode"]):
        if quota["QuotaCode"] == request["QuotaCode"]:
            return {"Quota": quota}
    raise CommonServiceException("NoSuchResourceException", "The specified resource does not exist.", status_code=400)


def list_service_quotas(context: RequestContext, request: dict[str, Any]) -> dict[str, Any]:
    """All quotas of a service."""
    return {"Quotas": _quotas(context, request["ServiceCode"])}


def _quotas(context: RequestContext, service: str) -> list[dict[str, Any]]:
    return [
        {
            "ServiceCode": service,
            "QuotaArn": f"arn:aws:servicequotas:{context.region}:{context.account_id}:{service}/{code}",
            "QuotaCode": code,
            "QuotaName": name,
            "Value": value,
            "Unit": "None",
            "Adjustable": adjustable,
            "GlobalQuota": False,
        }
        for of, code, name, value, adjustable in DEFAULTS
        if of == service
    ]
