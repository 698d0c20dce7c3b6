// A digest read as awscli does: dates as dateutil reads them, values as Python's `str()` writes them.
import type { DigestReading } from '../reading.ts';
import { parseDate } from './datetime.ts';
import { pythonText } from './pythontext.ts';

/** @param now  today, for what a date leaves out */
export const awscliReading = (now: Date): DigestReading => ({ date: (text) => parseDate(text, now), text: pythonText });
