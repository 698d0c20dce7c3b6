// The two things of Python that decide verdicts, for the check itself: how dateutil reads a date, and how `str()` writes a value.
// A digest's times may have any spelling dateutil knows, and its signature is over the texts that awscli makes of its fields: read or
// written otherwise, a digest would be valid here and invalid there. The check imports no other file of this folder.
export { parseDate } from './datetime.ts';
export { pythonText } from './pythontext.ts';
