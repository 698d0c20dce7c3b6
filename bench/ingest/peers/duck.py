"""DuckDB: read_json over the files, one raw JSON record a line (it makes no entries). Needs: pip install duckdb."""

import sys

import duckdb

folder = sys.argv[1].replace("'", "''")
db = duckdb.connect()
db.execute("set threads=1")
db.execute("set preserve_insertion_order=false")
files = f"read_json('{folder}/**/*.json.gz', columns={{'Records': 'JSON[]'}}, maximum_object_size=268435456)"
db.execute(f"copy (select unnest(Records) as record from {files}) to '/dev/stdout' (format csv, header false, quote '', escape '', delimiter E'\\x01')")
