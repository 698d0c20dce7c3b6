// Who and what the sample accounts hold: people, roles, machines, data, and how each of them looks as a caller.
import { exampleId, idOf, type Random } from './random.ts';
import { type Caller, type Place, secondOf } from './record.ts';

export const DAY = Date.parse('2026-10-05T00:00:00Z');
export const ACCOUNTS = ['111122223333', '444455556666'] as const;
export const REGIONS = ['us-east-1', 'eu-west-1', 'us-west-2'] as const;
/** An account that belongs to nobody here. */
export const FOREIGN_ACCOUNT = '999988887777';
export const SAMPLE_BUCKET = 'example-trail-logs';
export const TRAIL_NAME = 'example';
export const HOME_REGION = 'us-east-1';

/** The address blocks kept for documentation (RFC 5737 and RFC 3849) are the only ones used. */
export const OFFICE_IPS = ['192.0.2.10', '192.0.2.11', '192.0.2.45', '2001:db8:0:10::45'];
export const WORKLOAD_IPS = ['198.51.100.14', '198.51.100.15', '198.51.100.201'];

export const PEOPLE = ['alice', 'bruno', 'chen', 'dilek', 'emeka', 'freya'];
/** IAM users from before single sign-on came. */
export const IAM_USERS = ['martin', 'nadia', 'oscar', 'petra', 'quinn', 'rosa', 'stefan', 'tuan', 'ulla', 'viktor', 'wanda', 'xenia'];
export const FUNCTIONS = ['orders-intake', 'orders-billing', 'image-resize', 'nightly-report', 'token-refresh'];
export const MACHINES = ['web-1', 'web-2', 'web-3', 'worker-1', 'worker-2', 'bastion-1'];
export const BUCKETS = ['example-orders', 'example-images', 'example-reports', 'example-artifacts'];
export const TABLES = ['orders', 'customers', 'sessions'];
export const KEYS = ['orders-data', 'secrets', 'backups'];
export const SECRETS = ['orders/db', 'billing/api', 'mail/smtp', 'partner/token'];
export const DATABASES = ['orders-db', 'billing-db'];
export const STACKS = ['network', 'orders', 'billing', 'observability'];

export const instanceId = (machine: string): string => idOf('i-0', 16, machine);
export const keyArn = ({ account, region }: Place, key: string): string =>
  `arn:aws:kms:${region}:${account}:key/${idOf('', 8, key)}-12ab-34cd-56ef-${idOf('', 12, `${account}${region}${key}`)}`;
export const roleArn = (account: string, role: string): string => `arn:aws:iam::${account}:role/${role}`;
export const secretArn = ({ account, region }: Place, secret: string): string =>
  `arn:aws:secretsmanager:${region}:${account}:secret:${secret}-${idOf('', 6, secret)}`;
export const functionArn = ({ account, region }: Place, name: string): string => `arn:aws:lambda:${region}:${account}:function:${name}`;

const CLI = 'aws-cli/2.36.7 md/awscrt#0.28.2 ua/2.1 os/linux#6.8.0 md/arch#x86_64 lang/python#3.13.9 md/pyimpl#CPython';
const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0';
const LAMBDA = 'aws-sdk-js/3.1137.0 ua/2.1 os/linux#5.10.244 lang/js md/nodejs#20.20.0 exec-env/AWS_Lambda_nodejs20.x';
const MACHINE = 'aws-sdk-go-v2/1.39.2 ua/2.1 os/linux lang/go#1.25.1 md/GOARCH#amd64';
const TERRAFORM = 'APN/1.0 HashiCorp/1.0 Terraform/1.13.3 (+https://www.terraform.io) terraform-provider-aws/6.14.1';
export const AGENTS = { CLI, BROWSER, LAMBDA, MACHINE, TERRAFORM };

interface Session {
  account: string;
  role: string;
  /** Path of the role in its ARN, as `/aws-reserved/sso.amazonaws.com/`. */
  path?: string;
  name: string;
  at: number;
  mfa?: boolean;
  more?: Record<string, unknown>;
}

/** Sessions last an hour here: credentials and creation time stay the same within it. */
const HOUR = 3_600_000;

export function assumedRole({ account, role, path = '/', name, at, mfa = false, more }: Session): Record<string, unknown> {
  const roleId = exampleId('AROA', account + role);
  const begin = Math.floor(at / HOUR) * HOUR;
  return {
    type: 'AssumedRole',
    principalId: `${roleId}:${name}`,
    arn: `arn:aws:sts::${account}:assumed-role/${role}/${name}`,
    accountId: account,
    accessKeyId: exampleId('ASIA', `${account}${role}${name}${begin}`),
    sessionContext: {
      sessionIssuer: {
        type: 'Role',
        principalId: roleId,
        arn: `arn:aws:iam::${account}:role${path}${role}`,
        accountId: account,
        userName: role,
      },
      attributes: { creationDate: secondOf(begin), mfaAuthenticated: String(mfa) },
      ...more,
    },
  };
}

export const iamUser = (account: string, userName: string, accessKeyId?: string): Record<string, unknown> => ({
  type: 'IAMUser',
  principalId: exampleId('AIDA', account + userName),
  arn: `arn:aws:iam::${account}:user/${userName}`,
  accountId: account,
  accessKeyId,
  userName,
});

/** A caller who is known once the place and the time are. */
export type Who = (place: Place, at: number, random: Random) => Caller;

/** An AWS service that acts by itself. */
export const service =
  (name: string): Who =>
  () => ({
    identity: { type: 'AWSService', invokedBy: `${name}.amazonaws.com` },
    ip: `${name}.amazonaws.com`,
    agent: `${name}.amazonaws.com`,
    tls: false,
  });

/** A service that acts for the account through its service-linked role. */
export const serviceRole =
  (name: string, role: string): Who =>
  ({ account }, at) => {
    const host = `${name}.amazonaws.com`;
    const identity = {
      ...assumedRole({ account, role, path: `/aws-service-role/${host}/`, name: name.split('.')[0]!, at }),
      invokedBy: host,
    };
    return { identity, ip: host, agent: host, tls: false };
  };

export const lambdaFunction: Who = ({ account }, at, random) => {
  const name = random.pick(FUNCTIONS);
  return { identity: assumedRole({ account, role: `${name}-role`, name, at }), ip: random.pick(WORKLOAD_IPS), agent: LAMBDA, tls: true };
};

export const machine: Who = ({ account }, at, random) => {
  const name = instanceId(random.pick(MACHINES));
  const identity = assumedRole({ account, role: 'web-server', name, at, more: { ec2RoleDelivery: '2.0' } });
  return { identity, ip: random.pick(WORKLOAD_IPS), agent: MACHINE, tls: true };
};

/** The delivery pipeline, which signs in with a token of its own identity provider. */
export const pipeline: Who = ({ account }, at, random) => {
  const provider = `arn:aws:iam::${account}:oidc-provider/token.actions.example.com`;
  const more = { webIdFederationData: { federatedProvider: provider, attributes: {} } };
  const identity = assumedRole({ account, role: 'pipeline-deploy', name: `deploy-${Math.floor(at / HOUR) % 1000}`, at, more });
  return { identity, ip: random.pick(['198.51.100.77', '198.51.100.78']), agent: TERRAFORM, tls: true };
};

export const auditor: Who = ({ account }, at) => ({
  identity: assumedRole({ account, role: 'security-audit', name: 'posture-scan', at }),
  ip: '198.51.100.120',
  agent: 'Boto3/1.40.45 md/Botocore#1.40.45 ua/2.1 os/linux#6.8.0 lang/python#3.13.9',
  tls: true,
});

/** A person, signed in through single sign-on, in the console or at a command line. */
export const person =
  (where: 'console' | 'terminal'): Who =>
  ({ account }, at, random) => {
    const name = `${random.pick(PEOPLE)}@example.com`;
    const role = 'AWSReservedSSO_Developer_0123456789abcdef';
    const identity = assumedRole({ account, role, path: '/aws-reserved/sso.amazonaws.com/', name, at });
    const inConsole = where === 'console';
    return { identity, ip: random.pick(OFFICE_IPS), agent: inConsole ? BROWSER : CLI, tls: true, console: inConsole };
  };

/** The backup job, the last IAM user with a long-term key that is there for a reason. */
export const backupUser: Who = ({ account }) => ({
  identity: iamUser(account, 'backup-agent', exampleId('AKIA', `${account}backup-agent`)),
  ip: '192.0.2.200',
  agent: 'Boto3/1.26.90 Python/3.8.10 Linux/5.4.0 Botocore/1.29.90',
  tls: true,
});
