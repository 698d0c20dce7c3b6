// What most examples do in Node: JSON.parse of the file, JSON.stringify of each record into an entry.
import { readdirSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

const folder = process.argv[2];
for (const name of readdirSync(folder, { recursive: true })) {
  if (!name.endsWith('.json.gz')) continue;
  const { Records } = JSON.parse(gunzipSync(readFileSync(join(folder, name))).toString());
  const lines = Records.map((record) =>
    JSON.stringify({
      Time: record.eventTime,
      Source: record.eventSource,
      DetailType: 'AWS API Call via CloudTrail',
      Detail: JSON.stringify(record),
    }),
  );
  const out = Buffer.from(`${lines.join('\n')}\n`);
  for (let at = 0; at < out.length; ) at += writeSync(1, out, at);
}
