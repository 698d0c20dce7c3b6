// Which trails a deployment validates: the one it makes, and those named in the parameter `validateTrails`.

const ARN = /^arn:[^:]+:cloudtrail:[^:]+:\d{12}:trail\/.+$/;
const SETTINGS = ['arn', 'bucket', 'prefix', 'accountId'];

/** `validateTrails` as the function's TRAILS has it: ARNs separated by commas, or that JSON itself. @throws SyntaxError */
const namedTrails = (text) =>
  /^[[{]/.test(text)
    ? [JSON.parse(text)].flat()
    : text
        .split(',')
        .map((arn) => arn.trim())
        .filter((arn) => arn !== '')
        .map((arn) => ({ arn }));

function faultOfTrail(trail) {
  const arn = trail?.arn;
  if (typeof arn !== 'string' || !ARN.test(arn)) return `validateTrails: \`${arn}\` is no ARN of a trail`;
  const strange = Object.keys(trail).find((name) => !SETTINGS.includes(name) || typeof trail[name] !== 'string');
  return strange && `validateTrails: \`${strange}\` of ${arn} is none of ${SETTINGS.join(', ')}, as text`;
}

/** What is wrong with the parameters `validate` and `validateTrails`. */
function faultsOfTrails({ validate, validateTrails, bucket }) {
  if (!['', 'on', 'off'].includes(validate)) return ['validate must be on or off'];
  if (validate === 'off' && validateTrails) return ['validateTrails have no use with validate `off`: take one out'];
  if (validate === 'on' && bucket && !validateTrails)
    return ['validate is `on`, and no trail is known: give the ARN of the trail that writes to `bucket` in validateTrails'];
  try {
    return namedTrails(validateTrails).flatMap((trail) => faultOfTrail(trail) ?? []);
  } catch (error) {
    return [`validateTrails is neither a list of ARNs nor JSON: ${error.message}`];
  }
}

/** The trails in the shape of TRAILS; none when nothing is to be validated. `own` is the one the stack makes when there is no bucket. */
function trailsToValidate({ validate, validateTrails, bucket }, own) {
  if (validate === 'off') return [];
  return [...(bucket ? [] : [own]), ...namedTrails(validateTrails)];
}

module.exports = { faultsOfTrails, trailsToValidate };
