// How long an hour and a day are, in the units that are reckoned with.

export const HOUR_MS = 3_600_000;
export const DAY_SECONDS = 86_400;
