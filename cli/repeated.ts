// An option that may be given again.

/** All that was given, in order: commander calls it with each value. */
export const repeated = (value: string, before: string[] = []): string[] => [...before, value];
