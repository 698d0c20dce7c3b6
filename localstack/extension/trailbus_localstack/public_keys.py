"""CloudTrail's `ListPublicKeys`, answered from a file that a test writes.

The file has the shape of the answer: `{"PublicKeyList": [{"Value", "Fingerprint", "ValidityStartTime", "ValidityEndTime"}]}`, where
`Value` is the key's DER in base64 and times are ISO 8601 or epoch seconds. It is read at every call; without it there are no keys.
"""

import base64
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from localstack.aws.api import CommonServiceException, RequestContext

FILE_VARIABLE = "TRAILBUS_PUBLIC_KEYS_FILE"


def list_public_keys(context: RequestContext, request: dict[str, Any]) -> dict[str, Any]:
    """Gives the keys valid at some time from `StartTime` to `EndTime`; the time now where one isn't given."""
    now = datetime.now(UTC)
    start, end = _utc(request.get("StartTime") or now), _utc(request.get("EndTime") or now)
    if start > end:
        raise CommonServiceException("InvalidTimeRangeException", "A parameter has been specified that is not valid: StartTime")
    keys = [_read_key(key) for key in _stored_keys()]
    return {"PublicKeyList": [key for key in keys if key["ValidityStartTime"] <= end and key["ValidityEndTime"] >= start]}


def _stored_keys() -> list[dict[str, Any]]:
    file = os.environ.get(FILE_VARIABLE)
    if not file or not Path(file).exists():
        return []
    return json.loads(Path(file).read_text())["PublicKeyList"]


def _read_key(key: dict[str, Any]) -> dict[str, Any]:
    times = {name: _utc(key[name]) for name in ("ValidityStartTime", "ValidityEndTime")}
    return {"Value": base64.b64decode(key["Value"]), "Fingerprint": key["Fingerprint"]} | times


def _utc(time: datetime | str | float) -> datetime:
    if isinstance(time, (int, float)):
        return datetime.fromtimestamp(time, UTC)
    moment = datetime.fromisoformat(time) if isinstance(time, str) else time
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
