// How far a detection is from the Sigma rule it was made of.

/** A difference: it finds more than the rule does, or less. */
export interface SigmaNote {
  finds: 'more' | 'less';
  words: string;
}

/** A part of a rule that no detection can say. The message says why. */
export class Unsayable extends Error {}

/** The same where what is said excludes. */
export const turnedOver = (notes: readonly SigmaNote[]): SigmaNote[] =>
  notes.map(({ finds, words }) => ({ finds: finds === 'more' ? 'less' : 'more', words }));

/** Each once, as a reader gets them. */
export const noteLines = (notes: readonly SigmaNote[]): string[] => [
  ...new Set(notes.map(({ finds, words }) => `finds ${finds}: ${words}`)),
];
