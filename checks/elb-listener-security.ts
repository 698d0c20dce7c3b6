// Classic Load Balancers that talk to users unencrypted, or with ciphers of yesterday.
import type {
  DescribeLoadBalancerPoliciesCommandInput,
  DescribeLoadBalancerPoliciesCommandOutput,
  Listener,
  ListenerDescription,
  LoadBalancerDescription,
  PolicyDescription,
} from '@aws-sdk/client-elastic-load-balancing';
import { type Asker, answerOrWhy, apiCall, check, type Line, NotAnswered } from '../events/advice/index.ts';
import { BALANCER_CHANGES, CLASSIC_BALANCERS, classicBalancers, isBalancerGone } from './facts/loadbalancers.ts';

const POLICIES = apiCall<DescribeLoadBalancerPoliciesCommandInput, DescribeLoadBalancerPoliciesCommandOutput>(
  'elastic-load-balancing',
  'DescribeLoadBalancerPolicies',
);

/** Of the predefined ones. A policy's own name means nothing. */
const RECOMMENDED = 'ELBSecurityPolicy-TLS-1-2-2017-01';

const COLUMNS = ['Region', 'Load Balancer Name', 'Load Balancer Port', 'Status', 'Reason'] as const;
type ListenerLine = Line<(typeof COLUMNS)[number]>;

interface BalancerPolicies {
  balancer: LoadBalancerDescription;
  /** Undefined where no listener could have one. */
  policies: PolicyDescription[] | NotAnswered | undefined;
}

const SECURE = ['HTTPS', 'SSL'];
const isSecure = ({ Protocol = '' }: Partial<Listener> = {}): boolean => SECURE.includes(Protocol.toUpperCase());

const secureOf = ({ ListenerDescriptions = [] }: LoadBalancerDescription): ListenerDescription[] =>
  ListenerDescriptions.filter(({ Listener: listener }) => isSecure(listener));

async function balancerPolicies(asker: Asker): Promise<BalancerPolicies[]> {
  const balancers = await classicBalancers(asker);
  return Promise.all(
    balancers.map(async (balancer) => {
      if (secureOf(balancer).length === 0) return { balancer, policies: undefined };
      const answer = asker.ask(POLICIES, { LoadBalancerName: balancer.LoadBalancerName });
      return { balancer, policies: await answerOrWhy(answer.then(({ PolicyDescriptions = [] }) => PolicyDescriptions)) };
    }),
  );
}

function linesOf({ balancer, policies }: BalancerPolicies): ListenerLine[] {
  const { LoadBalancerName: resource = '', ListenerDescriptions = [] } = balancer;
  if (policies instanceof NotAnswered)
    return isBalancerGone(policies.code)
      ? []
      : [{ resource, status: 'not_available', values: { 'Load Balancer Name': resource }, reason: policies.reason }];
  const secure = secureOf(balancer);
  if (secure.length > 0) return secure.map((listener) => listenerLine(resource, listener, policies ?? []));
  const ports = ListenerDescriptions.map(({ Listener: listener }) => String(listener?.LoadBalancerPort ?? '')).join(', ');
  const reason = `load balancer \`${resource}\` has no listener with HTTPS or SSL`;
  return [lineOf(resource, 'error', ports, reason)];
}

function listenerLine(
  resource: string,
  { Listener: listener, PolicyNames = [] }: ListenerDescription,
  policies: readonly PolicyDescription[],
): ListenerLine {
  const port = String(listener?.LoadBalancerPort ?? '');
  const negotiation = policies.filter(
    ({ PolicyName = '', PolicyTypeName }) => PolicyNames.includes(PolicyName) && PolicyTypeName === 'SSLNegotiationPolicyType',
  );
  const said = `port ${port} of load balancer \`${resource}\``;
  const flaw = negotiation.length === 0 ? 'has no security policy of its own' : negotiation.map(flawOf).find((each) => each !== undefined);
  if (flaw === undefined) return lineOf(resource, 'ok', port, `${said} is on ${RECOMMENDED}`);
  return lineOf(resource, 'warning', port, `${said} ${flaw}, the recommended one is ${RECOMMENDED}`);
}

/** Protocols before TLS 1.2, and ciphers that are broken or encrypt nothing. */
const WEAK = /^Protocol-(?:SSLv[23]|TLSv1|TLSv1\.1)$|RC4|DES|EXP|NULL|ADH|MD5/;

/** What is wrong with a policy, undefined when nothing is. */
function flawOf({ PolicyAttributeDescriptions = [] }: PolicyDescription): string | undefined {
  const reference = PolicyAttributeDescriptions.find(({ AttributeName }) => AttributeName === 'Reference-Security-Policy');
  if (reference?.AttributeValue === RECOMMENDED) return undefined;
  if (reference?.AttributeValue !== undefined) return `is on ${reference.AttributeValue}`;
  const weak = PolicyAttributeDescriptions.filter(
    ({ AttributeName = '', AttributeValue }) => AttributeValue === 'true' && WEAK.test(AttributeName),
  );
  if (weak.length === 0) return 'is on a policy of its own';
  return `takes ${weak.map(({ AttributeName = '' }) => AttributeName.replace('Protocol-', '')).join(', ')}`;
}

const lineOf = (resource: string, status: ListenerLine['status'], port: string, reason: string): ListenerLine => ({
  ...{ resource, status, reason },
  values: { 'Load Balancer Name': resource, 'Load Balancer Port': port, Reason: reason },
});

export default check({
  id: 'a2sEc6ILx',
  name: 'ELB Listener Security',
  category: 'security',
  description:
    'Looks at the listeners of Classic Load Balancers: whether any is encrypted, and with what. What goes in the clear can be read and changed on its way, and old protocols and ciphers are little better.',
  criteria: {
    red: 'the load balancer has no listener with HTTPS or SSL',
    yellow: `a secure listener takes a weak protocol or cipher, or isn’t on ${RECOMMENDED}`,
    green: `a secure listener is on ${RECOMMENDED}`,
  },
  action: `Add an HTTPS or SSL listener, and put all of them on ${RECOMMENDED}; better still, move to an Application or Network Load Balancer.`,
  references: [
    'https://docs.aws.amazon.com/awssupport/latest/user/security-checks.html',
    'https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/elb-security-policy-table.html',
  ],
  columns: COLUMNS,
  controls: [
    'config.elb-tls-https-listeners-only',
    'config.elb-predefined-security-policy-ssl-check',
    'securityhub.ELB.3',
    'securityhub.ELB.8',
  ],
  scope: 'region',
  calls: [CLASSIC_BALANCERS, POLICIES],
  collect: balancerPolicies,
  judge: (balancers) => balancers.flatMap(linesOf),
  staleAfter: BALANCER_CHANGES,
});
