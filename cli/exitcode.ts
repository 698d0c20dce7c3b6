// What the number says that a command ends with.

/** Every exit code there is; scripts rely on them. */
export const ExitCode = {
  /** Done, and nothing to report. */
  fine: 0,
  /** Done, and something was found: a match, a finding, something invalid or quarantined. */
  found: 1,
  /** Wrong use, or something could not be read or written. */
  failed: 2,
  /** `validate-logs` only, as awscli 1 says it: the check could not be done or not be finished. */
  unchecked: 255,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];
