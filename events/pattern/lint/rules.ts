// Everything lint can find, a file each in `rules/`. docs/rules.md lists them in this order.
import type { LintRule } from './lintrule.ts';
import { anythingButAbsent } from './rules/anythingbutabsent.ts';
import { anythingButList } from './rules/anythingbutlist.ts';
import { cidrServiceName } from './rules/cidrservicename.ts';
import { coveredRule } from './rules/coveredrule.ts';
import { datedEvent } from './rules/datedevent.ts';
import { detailType } from './rules/detailtype.ts';
import { envelopeAccount } from './rules/envelopeaccount.ts';
import { invalidPattern } from './rules/invalidpattern.ts';
import { matchesEverything } from './rules/matcheseverything.ts';
import { misplacedField } from './rules/misplacedfield.ts';
import { nativeSource } from './rules/nativesource.ts';
import { numberAsString } from './rules/numberasstring.ts';
import { ownOutput } from './rules/ownoutput.ts';
import { patternTooLong } from './rules/patterntoolong.ts';
import { renamedEvent } from './rules/renamedevent.ts';
import { repeatedKey } from './rules/repeatedkey.ts';
import { sourceDisagrees } from './rules/sourcedisagrees.ts';
import { starInString } from './rules/starinstring.ts';
import { stringAsNumber } from './rules/stringasnumber.ts';
import { tooManyRules } from './rules/toomanyrules.ts';
import { tooManyTargets } from './rules/toomanytargets.ts';
import { tooManyWildcards } from './rules/toomanywildcards.ts';
import { unknownEventName } from './rules/unknowneventname.ts';
import { unknownEventSource } from './rules/unknowneventsource.ts';
import { unknownField } from './rules/unknownfield.ts';
import { unknownValue } from './rules/unknownvalue.ts';
import { unreachableArm } from './rules/unreachablearm.ts';

export const LINT_RULES: readonly LintRule[] = [
  invalidPattern,
  unknownEventName,
  unknownEventSource,
  renamedEvent,
  datedEvent,
  sourceDisagrees,
  nativeSource,
  detailType,
  ownOutput,
  matchesEverything,
  coveredRule,
  misplacedField,
  unknownField,
  envelopeAccount,
  anythingButAbsent,
  anythingButList,
  numberAsString,
  stringAsNumber,
  cidrServiceName,
  unknownValue,
  starInString,
  patternTooLong,
  tooManyWildcards,
  unreachableArm,
  repeatedKey,
  tooManyTargets,
  tooManyRules,
];
