// Rules about events that don't come from CloudTrail.
import { type Leaf, plainStrings } from './ast.ts';

/** Whether a pattern names only detail-types that aren't CloudTrail's, such as `EC2 Instance State-change Notification`. */
export const isAboutOthers = (leaves: readonly Leaf[]): boolean => {
  const types = leaves.filter(({ key }) => key.path === 'detail-type').flatMap((leaf) => plainStrings(leaf) ?? ['via CloudTrail']);
  return types.length > 0 && types.every((type) => !type.toLowerCase().includes('cloudtrail') && !type.startsWith('AWS Console Sign'));
};
