// What a lint rule of detections is, what it gets to see, and what it gives back.

import type { TextPlace } from '../../pattern/index.ts';
import type { LintSeverity } from '../../pattern/lint/index.ts';
import type { YamlDocument } from '../../yamlfile.ts';
import type { TestCase } from '../detection.ts';
import type { Detection } from '../detectionfile.ts';

/** A detection to look at, with the document it was read from. */
export interface LintedDetection {
  detection: Detection;
  document: YamlDocument;
  /** One that comes with Trailbus: of those more is wanted. */
  isInPack: boolean;
  /** `YYYY-MM-DD` */
  today: string;
  /** The records of a test, those of files with them; none of a file that can't be read. */
  recordsOf: (test: TestCase) => object[];
}

/** Something to find in a detection. */
export interface DetectionLintRule {
  /** Its name in every answer: never to be changed. */
  id: string;
  severity: LintSeverity;
  /** What it finds, in one line. */
  title: string;
  /** Detection files: `wrong` is found, and `right`, the nearest to it, is not. */
  example: { wrong: string; right: string };
  check: (linted: LintedDetection) => DetectionFault[];
}

/** A fault as its rule makes it. */
export interface DetectionFault {
  /** Keys and positions in the file: `['raise', 0, 'to']`; empty for the whole. */
  path: (string | number)[];
  message: string;
  help?: string;
  /** Where it isn't the usual one. */
  severity?: LintSeverity;
}

/** Something found in a detection, in its file. */
export interface DetectionLintFinding {
  /** The detection. */
  rule: string;
  id: string;
  severity: LintSeverity;
  message: string;
  help?: string;
  /** Documentation of the fact behind it, where AWS has some. */
  link?: string;
  /** `raise[0].pattern`; empty for the whole detection. */
  path: string;
  source: string;
  start: TextPlace;
  end: TextPlace;
}

/** Keys that a rule of a bus has too: a file with no others is one, in the smallest form of a detection. */
export const PLAIN_KEYS: ReadonlySet<string> = new Set(['id', 'title', 'severity', 'pattern', 'targets']);

/** A sound detection, for examples: with `title` and so on in a line of their own, to be taken out or changed. */
export const SOUND_EXAMPLE = `id: user.made
title: "{who} made the user {requestParameters.userName}"
description: A user was made. Users have passwords and keys that last.
severity: medium
tags: [attack.persistence, attack.t1136.003]
falsePositives: [somebody new has come]
runbook: ask whoever made it
pattern: { detail: { eventSource: [iam.amazonaws.com], eventName: [CreateUser] } }
tests:
  matches: [{ eventSource: iam.amazonaws.com, eventName: CreateUser, requestParameters: { userName: eve } }]
  ignores: [{ eventSource: iam.amazonaws.com, eventName: DeleteUser, requestParameters: { userName: eve } }]
`;
