// How far a detection is from the Sigma rule it was made of.

/** A difference: it finds more than the rule does, or less, or the same and tells it otherwise. */
export interface SigmaNote {
  finds: 'more' | 'less' | 'same';
  words: string;
  /** Whether a part of the rule is missing altogether. */
  isLoss?: true;
}

/** A part of a rule that no detection can say. The message says why. */
export class Unsayable extends Error {}

/** More is less where what is said excludes. */
export const turnedOver = (notes: readonly SigmaNote[]): SigmaNote[] => notes.map((note) => ({ ...note, finds: OPPOSITE[note.finds] }));

const OPPOSITE = { more: 'less', less: 'more', same: 'same' } as const;

/** How far from the rule: a missing part is worse than any number of small differences. */
export const distanceOf = (notes: readonly SigmaNote[]): number =>
  eachOnce(notes).reduce((sum, { isLoss }) => sum + (isLoss === true ? 1_000 : 1), 0);

const eachOnce = (notes: readonly SigmaNote[]): SigmaNote[] => [...new Map(notes.map((note) => [lineOf(note), note])).values()];

const lineOf = ({ finds, words }: SigmaNote): string => (finds === 'same' ? words : `finds ${finds}: ${words}`);

/** Each once, as a reader gets them. */
export const noteLines = (notes: readonly SigmaNote[]): string[] => eachOnce(notes).map(lineOf);
