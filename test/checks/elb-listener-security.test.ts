// Listeners of Classic Load Balancers: none that is secure, on which policy, with which ciphers.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import listenerSecurity from '../../checks/elb-listener-security.ts';
import { type Answers, asked, judged } from './account.ts';

const listener = (Protocol: string, LoadBalancerPort: number, ...PolicyNames: string[]) => ({
  Listener: { Protocol, LoadBalancerPort },
  PolicyNames,
});
const policy = (PolicyName: string, attributes: Record<string, string>, PolicyTypeName = 'SSLNegotiationPolicyType') => ({
  ...{ PolicyName, PolicyTypeName },
  PolicyAttributeDescriptions: Object.entries(attributes).map(([AttributeName, AttributeValue]) => ({ AttributeName, AttributeValue })),
});
const facts = (listeners: object[], ...policies: object[]) => [
  { balancer: { LoadBalancerName: 'web', ListenerDescriptions: listeners }, policies },
];
const BEST = 'ELBSecurityPolicy-TLS-1-2-2017-01';
const SAID = 'port 443 of load balancer `web`';
const BUT = `the recommended one is ${BEST}`;

const cases: [string, object, string[]][] = [
  [
    'no secure listener is red',
    facts([listener('HTTP', 80), listener('TCP', 8080)]),
    ['web error: load balancer `web` has no listener with HTTPS or SSL'],
  ],
  [
    'the recommended policy is green, whatever it is called',
    facts([listener('HTTPS', 443, 'p')], policy('p', { 'Reference-Security-Policy': BEST })),
    [`web ok: ${SAID} is on ${BEST}`],
  ],
  [
    'a listener in the clear beside a secure one is not looked at',
    facts([listener('HTTP', 80), listener('SSL', 443, 'p')], policy('p', { 'Reference-Security-Policy': BEST })),
    [`web ok: ${SAID} is on ${BEST}`],
  ],
  [
    'an older policy is yellow, even under the name of the recommended one',
    facts([listener('HTTPS', 443, BEST)], policy(BEST, { 'Reference-Security-Policy': 'ELBSecurityPolicy-2016-08' })),
    [`web warning: ${SAID} is on ELBSecurityPolicy-2016-08, ${BUT}`],
  ],
  [
    'a weak protocol or cipher is yellow, and named',
    facts(
      [listener('HTTPS', 443, 'p')],
      policy('p', { 'Protocol-TLSv1.2': 'true', 'Protocol-TLSv1': 'true', 'RC4-SHA': 'true', 'DES-CBC3-SHA': 'false' }),
    ),
    [`web warning: ${SAID} takes TLSv1, RC4-SHA, ${BUT}`],
  ],
  [
    'a policy of one’s own without them is yellow',
    facts([listener('HTTPS', 443, 'p')], policy('p', { 'Protocol-TLSv1.2': 'true', 'ECDHE-RSA-AES128-GCM-SHA256': 'true' })),
    [`web warning: ${SAID} is on a policy of its own, ${BUT}`],
  ],
  [
    'other kinds of policies say nothing of ciphers',
    facts([listener('HTTPS', 443, 's')], policy('s', { CookieExpirationPeriod: '60' }, 'LBCookieStickinessPolicyType')),
    [`web warning: ${SAID} has no security policy of its own, ${BUT}`],
  ],
  [
    'each secure listener is a line',
    facts(
      [listener('HTTPS', 443, 'p'), listener('SSL', 465, 'q')],
      policy('p', { 'Reference-Security-Policy': BEST }),
      policy('q', { 'Reference-Security-Policy': 'ELBSecurityPolicy-2011-08' }),
    ),
    [`web ok: ${SAID} is on ${BEST}`, `web warning: port 465 of load balancer \`web\` is on ELBSecurityPolicy-2011-08, ${BUT}`],
  ],
];
for (const [name, given, expected] of cases) test(name, () => assert.deepEqual(judged(listenerSecurity, given), expected));

const XMLNS = 'xmlns="http://elasticloadbalancing.amazonaws.com/doc/2012-06-01/"';
const balancer = (name: string, protocol: string, port: number) =>
  `<member><LoadBalancerName>${name}</LoadBalancerName><ListenerDescriptions><member><PolicyNames><member>p</member></PolicyNames><Listener><Protocol>${protocol}</Protocol><LoadBalancerPort>${port}</LoadBalancerPort></Listener></member></ListenerDescriptions></member>`;
const page = (balancers: string, marker = '') =>
  `<DescribeLoadBalancersResponse ${XMLNS}><DescribeLoadBalancersResult><LoadBalancerDescriptions>${balancers}</LoadBalancerDescriptions>${marker}</DescribeLoadBalancersResult></DescribeLoadBalancersResponse>`;
const POLICIES = `<DescribeLoadBalancerPoliciesResponse ${XMLNS}><DescribeLoadBalancerPoliciesResult><PolicyDescriptions><member><PolicyName>p</PolicyName><PolicyTypeName>SSLNegotiationPolicyType</PolicyTypeName><PolicyAttributeDescriptions><member><AttributeName>Reference-Security-Policy</AttributeName><AttributeValue>${BEST}</AttributeValue></member></PolicyAttributeDescriptions></member></PolicyDescriptions></DescribeLoadBalancerPoliciesResult></DescribeLoadBalancerPoliciesResponse>`;
const ANSWERS: Answers = {
  DescribeLoadBalancers: ({ input }) =>
    input['Marker'] === 'm' ? page(balancer('b', 'HTTP', 80)) : page(balancer('a', 'HTTPS', 443), '<NextMarker>m</NextMarker>'),
  DescribeLoadBalancerPolicies: POLICIES,
};

test('every page is asked for, the policies of secure listeners only; the columns are Trusted Advisor’s', async () => {
  const { flaggedResources, calls } = await asked(listenerSecurity, ANSWERS);
  assert.deepEqual(
    flaggedResources.map(({ metadata }) => metadata),
    [
      ['us-east-1', 'a', '443', 'Green', `port 443 of load balancer \`a\` is on ${BEST}`],
      ['us-east-1', 'b', '80', 'Red', 'load balancer `b` has no listener with HTTPS or SSL'],
    ],
  );
  const asking = calls.filter(({ operation }) => operation === 'DescribeLoadBalancerPolicies');
  assert.deepEqual(
    asking.map(({ input }) => input['LoadBalancerName']),
    ['a'],
  );
});

test('a load balancer that vanishes has no line; policies that may not be asked for hide no other', async () => {
  const failing = (code: string): Answers => ({
    ...ANSWERS,
    DescribeLoadBalancerPolicies: { status: 400, body: `<ErrorResponse><Error><Code>${code}</Code></Error></ErrorResponse>` },
  });
  const lines = async (answers: Answers) =>
    (await asked(listenerSecurity, answers)).flaggedResources.map(({ resourceId, reason }) => `${resourceId}: ${reason}`);
  const red = 'b: load balancer `b` has no listener with HTTPS or SSL';
  assert.deepEqual(await lines(failing('LoadBalancerNotFound')), [red]);
  assert.deepEqual(await lines(failing('AccessDenied')), [
    'a: not asked: the role may not call elasticloadbalancing:DescribeLoadBalancerPolicies in us-east-1',
    red,
  ]);
});
