// The intruder's faces: each is a caller with its identity, its address and its tool.
import { ACCOUNTS, AGENTS, assumedRole, DAY, FOREIGN_ACCOUNT, iamUser, instanceId } from '../cast.ts';
import { exampleId } from '../random.ts';
import { type Caller, secondOf } from '../record.ts';

const [victim, second] = ACCOUNTS;

/** Where the intruder signs in from, and where the stolen keys are used. */
export const SIGN_IN_IP = '203.0.113.77';
export const KEY_IP = '203.0.113.200';

/** A tool's name that attackers' Linux distribution puts there, and a colour code for whoever prints it without care. */
const KALI = 'aws-cli/2.15.8 Python/3.11.8 Linux/6.6.9-amd64 source/x86_64.kali.2024 prompt/off';
const COLOURED = '\u001b[31maws-cli/2.15.8\u001b[0m';

export const NEW_USER = 'svc-monitoring';
export const NEW_KEY = exampleId('AKIA', 'the key the intruder makes');

const MARTIN_SIGNED_IN = DAY + (13 * 3600 + 4 * 60 + 41) * 1000;
const attributes = { creationDate: secondOf(MARTIN_SIGNED_IN), mfaAuthenticated: 'false' };
const caller = (identity: Record<string, unknown>, ip: string, agent: string): Caller => ({ identity, ip, agent, tls: true });
const martin = iamUser(victim, 'martin');
const root = { type: 'Root', principalId: victim, arn: `arn:aws:iam::${victim}:root`, accountId: victim };
const federated = {
  type: 'FederatedUser',
  principalId: `${victim}:admin`,
  arn: `arn:aws:sts::${victim}:federated-user/admin`,
  accountId: victim,
};
const webServer = assumedRole({ account: victim, role: 'web-server', name: instanceId('web-1'), at: MARTIN_SIGNED_IN });
const memberAdmin = assumedRole({ account: second, role: 'OrganizationAccountAccessRole', name: NEW_USER, at: MARTIN_SIGNED_IN });

export const ACTORS = {
  martinSigningIn: caller(martin, SIGN_IN_IP, AGENTS.BROWSER),
  martin: {
    ...caller(
      { ...martin, accessKeyId: exampleId('ASIA', 'martin in the console'), sessionContext: { attributes } },
      SIGN_IN_IP,
      AGENTS.BROWSER,
    ),
    console: true,
  },
  newUser: caller(iamUser(victim, NEW_USER, NEW_KEY), KEY_IP, KALI),
  newUserColoured: caller(iamUser(victim, NEW_USER, NEW_KEY), KEY_IP, COLOURED),
  rootSigningIn: caller(root, SIGN_IN_IP, AGENTS.BROWSER),
  root: { ...caller({ ...root, accessKeyId: exampleId('ASIA', 'root in the console') }, SIGN_IN_IP, AGENTS.BROWSER), console: true },
  federated: caller(federated, KEY_IP, 'python-requests/2.32.5'),
  webServerKeys: caller(webServer, KEY_IP, 'Boto3/1.34.0 md/Botocore#1.34.0 lang/python#3.11.8'),
  webServerSigningIn: caller(webServer, KEY_IP, AGENTS.BROWSER),
  memberAdmin: caller(memberAdmin, KEY_IP, KALI),
  foreigner: caller({ type: 'AWSAccount', principalId: exampleId('AIDA', 'foreigner'), accountId: FOREIGN_ACCOUNT }, '203.0.113.201', KALI),
  aws: { identity: { type: 'AWSService', invokedBy: 'AWS Internal' }, ip: 'AWS Internal', agent: 'AWS Internal', tls: false },
} satisfies Record<string, Caller>;

/** Somebody of whom only the user name is known yet: a sign-in that failed. */
export const guessing = (userName: string): Caller =>
  caller(
    { type: 'IAMUser', principalId: exampleId('AIDA', victim + userName), accountId: victim, accessKeyId: '', userName },
    SIGN_IN_IP,
    AGENTS.BROWSER,
  );

export type ActorName = keyof typeof ACTORS | `guess ${string}`;

export function actorOf(name: ActorName): Caller {
  return name.startsWith('guess ') ? guessing(name.slice(6)) : ACTORS[name as keyof typeof ACTORS];
}
