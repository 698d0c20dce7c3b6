// The door of advice: what a check is, how checks are run, what comes out.
export { type AdvisedAccount, advise, homeRegionOf } from './advise.ts';
export {
  type ApiCall,
  ASKED_SERVICES,
  type AskedIn,
  type AskedService,
  type Asker,
  answerOrWhy,
  answerUnless,
  apiCall,
  NotAnswered,
} from './asker.ts';
export { askedPlace, changesBetween, type KeptLine, type KeptRun, keptRun, type StatusChange } from './changes.ts';
export {
  type AskedPlace,
  CATEGORIES,
  type Category,
  type Check,
  check,
  type Judging,
  type Line,
  STATUS_COLOURS,
  STATUSES,
  type Status,
} from './check.ts';
export { type CheckExclusion, holdsOn } from './exclusion.ts';
export { actionsOf, leastPolicy } from './policy.ts';
export { type CheckResult, type FlaggedResource, shownOf, worst } from './result.ts';
