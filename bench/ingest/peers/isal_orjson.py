"""The fastest Python: igzip through isal, orjson, one entry a record. Needs: pip install isal orjson."""

import sys
from pathlib import Path

import orjson
from isal import igzip

for path in Path(sys.argv[1]).rglob("*.json.gz"):
    for record in orjson.loads(igzip.decompress(path.read_bytes()))["Records"]:
        entry = {
            "Time": record.get("eventTime"),
            "Source": record.get("eventSource"),
            "DetailType": "AWS API Call via CloudTrail",
            "Detail": orjson.dumps(record).decode(),
        }
        sys.stdout.buffer.write(orjson.dumps(entry, option=orjson.OPT_APPEND_NEWLINE))
