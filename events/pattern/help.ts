// What to write instead, for each thing EventBridge refuses.

/** The first entry whose expression fits the reason gives the hint. */
const HELP: [RegExp, string][] = [
  [/must be an object or an array/, 'put the value in a list: ["value"]'],
  [/Filter is not an object/, 'write an object: {"source": ["…"]}'],
  [/Empty arrays/, 'name at least one value, or leave the field out'],
  [/Empty objects/, 'name at least one field, or leave the object out'],
  [/Match value must be/, 'write the values side by side in one list: ["a", "b"]'],
  [/Unrecognized match type/, 'use prefix, suffix, equals-ignore-case, wildcard, anything-but, numeric, exists or cidr, in lower case'],
  [/Only one key allowed/, 'give each operator its own object in the list (one of them must hold)'],
  [/Unsupported (prefix|suffix) pattern|(Prefix|Suffix) expression name/, 'write {"equals-ignore-case": "text"} or a plain string'],
  [
    /Unsupported anything-but pattern|Anything-But expression name/,
    'use prefix, suffix, equals-ignore-case or wildcard inside anything-but',
  ],
  [/Value of anything-but/, 'give a string, a number, or a list of either'],
  [/Inside anything but list/, 'list only strings or only numbers'],
  [/equals-ignore-case list/, 'list only strings'],
  [/Null prefix\/suffix/, 'give at least one character'],
  [/wildcard match pattern|match pattern must be a string/, 'give one string; for several, repeat the operator in the list'],
  [/Consecutive wildcard/, 'one * already stands for any number of characters'],
  [/Invalid escape character/, 'only \\* and \\\\ are escapes; in JSON text write them as \\\\* and \\\\\\\\'],
  [/Unrecognized numeric range operator/, 'use =, <, <=, > or >='],
  [/Bad numeric range operator|Too many elements in numeric/, 'write the lower bound first: [">", 0, "<=", 5]; one operator to an object'],
  [
    /Value of (numeric|equals|[<>]=?) must|Invalid member|Bad value in numeric|Too many terms/,
    'write [">", 0] or [">", 0, "<=", 5] with plain numbers',
  ],
  [/Cannot compare number/, 'use a number a double holds exactly as written (about 15 digits)'],
  [/Bottom must be less/, 'put the smaller bound first; for one value use ["=", 5]'],
  [/exists match pattern/, 'write true or false without quotes'],
  [
    /Malformed CIDR|IPv[46] mask|IP address/,
    'write an address, a slash and 0 to 31 (v4) or 0 to 127 (v6) mask bits; for one address give it as a plain string',
  ],
  [/at least 2 Objects|followed with \$or|Only JSON object/, 'write "$or": [{…}, {…}] with two or more objects'],
  [/reserved fieldName/, 'move this field out of $or, or wrap the operator in a list: {"field": [{"prefix": "a"}]}'],
  [/too complex/, 'use fewer * in one wildcard, or split the list into several rules'],
];

/** What to do about a refusal, where there is something to say. */
export const helpFor = (reason: string): string | undefined => HELP.find(([fits]) => fits.test(reason))?.[1];
