// A record too large for the bus, made to fit: its largest members left out, a pointer to the whole put in.

import { copyToWindow } from '../json/paddedbytes.ts';
import { scanMembers } from '../json/scan.ts';
import type { LogRecord } from '../logfile/logfile.ts';
import type { ObjectRef } from '../objectkey.ts';

interface Member {
  key: string;
  /** `"key": value` as it stands in the record. */
  text: string;
}

/**
 * The record's text without its largest top-level members, until it is no longer than `maxBytes`, and with a last member
 * `"trailbus":{"reduced":["requestParameters"],"bucket":…,"key":…,"versionId":…,"index":…}` that says what is missing and where the whole record stands.
 * What is kept is kept byte for byte.
 */
export function reduceDetail(record: LogRecord, ref: ObjectRef, maxBytes: number): string {
  const members = membersOf(record.text());
  const bySize = [...members].sort((a, b) => a.text.length - b.text.length);
  const dropped: string[] = [];
  let text = render(members, dropped, record, ref);
  while (Buffer.byteLength(text) > maxBytes && bySize.length > 0) {
    const largest = bySize.pop()!;
    members.splice(members.indexOf(largest), 1);
    dropped.push(largest.key);
    text = render(members, dropped, record, ref);
  }
  return text;
}

function membersOf(text: string): Member[] {
  const bytes = Buffer.from(text);
  const members: Member[] = [];
  scanMembers(copyToWindow(bytes), 0, (keyStart, keyEnd, _, valueEnd) => {
    members.push({ key: JSON.parse(bytes.toString('utf8', keyStart, keyEnd)) as string, text: bytes.toString('utf8', keyStart, valueEnd) });
  });
  return members;
}

function render(members: Member[], dropped: string[], { index }: LogRecord, { bucket, key, versionId }: ObjectRef): string {
  const pointer = JSON.stringify({ reduced: dropped, bucket, key, versionId, index });
  return `{${[...members.map((member) => member.text), `"trailbus":${pointer}`].join(',')}}`;
}
