// What a trail's event selectors let it record of management events.
import type {
  AdvancedEventSelector,
  AdvancedFieldSelector,
  EventSelector,
  GetEventSelectorsCommandInput,
  GetEventSelectorsCommandOutput,
  Trail,
} from '@aws-sdk/client-cloudtrail';
import { type Asker, answerOrWhy, apiCall, type NotAnswered } from '../../events/advice/index.ts';

const SELECTORS = apiCall<GetEventSelectorsCommandInput, GetEventSelectorsCommandOutput>('cloudtrail', 'GetEventSelectors');

export const SELECTOR_CALLS = [SELECTORS];

export type TrailSelectors = Pick<GetEventSelectorsCommandOutput, 'EventSelectors' | 'AdvancedEventSelectors'>;

export const selectorsOf = (asker: Asker, { TrailARN, Name, HomeRegion }: Trail): Promise<GetEventSelectorsCommandOutput | NotAnswered> =>
  answerOrWhy(asker.ask(SELECTORS, { TrailName: TrailARN ?? Name }, HomeRegion === undefined ? {} : { region: HomeRegion }));

/** One selector's share. */
interface Recorded {
  reads: boolean;
  writes: boolean;
  /** What of them it leaves out: `all but eventSource kms.amazonaws.com`. */
  limits: string[];
}

/** A trail without selectors records all management events. */
function recordedBy({ EventSelectors = [], AdvancedEventSelectors = [] }: TrailSelectors): Recorded[] {
  if (EventSelectors.length === 0 && AdvancedEventSelectors.length === 0) return [{ reads: true, writes: true, limits: [] }];
  return [...EventSelectors.flatMap(basic), ...AdvancedEventSelectors.flatMap(advanced)];
}

function basic({ IncludeManagementEvents, ReadWriteType = 'All', ExcludeManagementEventSources = [] }: EventSelector): Recorded[] {
  if (IncludeManagementEvents === false) return [];
  const limits = ExcludeManagementEventSources.length > 0 ? [`all but eventSource ${ExcludeManagementEventSources.join(', ')}`] : [];
  return [{ reads: ReadWriteType !== 'WriteOnly', writes: ReadWriteType !== 'ReadOnly', limits }];
}

function advanced({ FieldSelectors = [] }: AdvancedEventSelector): Recorded[] {
  const of = (field: string) => FieldSelectors.find(({ Field }) => Field === field);
  if (!of('eventCategory')?.Equals?.includes('Management')) return [];
  const readOnly = of('readOnly');
  const wants = (value: string) => readOnly === undefined || (readOnly.Equals?.includes(value) ?? !readOnly.NotEquals?.includes(value));
  const others = FieldSelectors.filter(({ Field }) => Field !== 'eventCategory' && Field !== 'readOnly');
  return [{ reads: wants('true'), writes: wants('false'), limits: others.map(limitText) }];
}

function limitText({ Field, Equals, NotEquals, StartsWith, NotStartsWith, EndsWith, NotEndsWith }: AdvancedFieldSelector): string {
  const only = [...(Equals ?? []), ...(StartsWith ?? []).map((text) => `${text}*`), ...(EndsWith ?? []).map((text) => `*${text}`)];
  const not = [...(NotEquals ?? []), ...(NotStartsWith ?? []).map((text) => `${text}*`), ...(NotEndsWith ?? []).map((text) => `*${text}`)];
  return only.length > 0 ? `only ${Field} ${only.join(', ')}` : `all but ${Field} ${not.join(', ')}`;
}

/** Whether a trail records management events at all. */
export const recordsManagement = (selectors: TrailSelectors): boolean => recordedBy(selectors).length > 0;

/** What of the management events a trail doesn't record, in words; empty when it records all. */
export function holesIn(selectors: TrailSelectors): string[] {
  const recorded = recordedBy(selectors);
  if (recorded.length === 0) return ['records no management events'];
  return [...kindHole(recorded, 'reads', 'reading'), ...kindHole(recorded, 'writes', 'writing')].filter(
    (hole, at, all) => all.indexOf(hole) === at,
  );
}

function kindHole(recorded: readonly Recorded[], kind: 'reads' | 'writes', said: string): string[] {
  const share = recorded.filter((each) => each[kind]);
  if (share.length === 0) return [`records no ${said} management events`];
  return share.some(({ limits }) => limits.length === 0)
    ? []
    : share.map(({ limits }) => `records of management events ${limits.join(', ')}`);
}
