// Watchers are switched off: trails, detectors, recorders, flow logs, alarms.
import { ACCOUNTS, instanceId, REGIONS } from '../cast.ts';
import { type Step, step } from './step.ts';

const [account] = ACCOUNTS;
/** The account's own trail. The organization's trail `example`, whose files these are, is out of the intruder's reach. */
const OWN_TRAIL = 'security-audit';
const detectorId = '12abc34d567e8fa901bc2d34eexample';

export const EVASION: Step[] = [
  step('13:50:04', 'newUser', 'cloudtrail:PutEventSelectors', 'cloudtrail.selectors-weakened', {
    request: {
      trailName: OWN_TRAIL,
      eventSelectors: [{ readWriteType: 'ReadOnly', includeManagementEvents: false, dataResources: [], excludeManagementEventSources: [] }],
    },
  }),
  step('13:50:31', 'newUser', 'cloudtrail:UpdateTrail', 'cloudtrail.trail-changed', {
    request: { name: OWN_TRAIL, enableLogFileValidation: false, isMultiRegionTrail: false },
    response: {
      name: OWN_TRAIL,
      trailARN: `arn:aws:cloudtrail:${REGIONS[0]}:${account}:trail/${OWN_TRAIL}`,
      logFileValidationEnabled: false,
      isMultiRegionTrail: false,
    },
  }),
  step('13:51:02', 'newUser', 'cloudtrail:StopLogging', 'cloudtrail.logging-stopped', {
    request: { name: `arn:aws:cloudtrail:${REGIONS[0]}:${account}:trail/${OWN_TRAIL}` },
  }),
  step('13:51:40', 'newUser', 'cloudtrail:DeleteTrail', 'cloudtrail.trail-deleted', { request: { name: OWN_TRAIL } }),
  step('13:52:11', 'newUser', 'guardduty:CreateIPSet', 'guardduty.suppressed', {
    request: {
      detectorId,
      activate: true,
      format: 'TXT',
      location: 'https://s3.amazonaws.com/example-artifacts/trusted.txt',
      name: 'office',
    },
    response: { ipSetId: '0cb0141ab9fbde177613ab9436212e90' },
  }),
  step('13:52:38', 'newUser', 'guardduty:DisassociateFromAdministratorAccount', 'guardduty.members-detached', { request: { detectorId } }),
  step('13:53:05', 'newUser', 'guardduty:UpdateDetector', 'guardduty.disabled', { request: { detectorId, enable: false } }),
  step('13:53:20', 'newUser', 'guardduty:DeleteDetector', 'guardduty.disabled', { request: { detectorId } }),
  step('13:54:02', 'newUser', 'securityhub:DisableSecurityHub', 'securityhub.disabled'),
  step('13:54:33', 'newUser', 'config:StopConfigurationRecorder', 'config.recorder-stopped', {
    request: { configurationRecorderName: 'default' },
  }),
  step('13:55:12', 'newUser', 'ec2:DeleteFlowLogs', 'vpc.flow-logs-deleted', {
    request: { DeleteFlowLogsRequest: { FlowLogId: { tag: 1, content: 'fl-0123456789example' } } },
    response: { DeleteFlowLogsResponse: { xmlns: 'http://ec2.amazonaws.com/doc/2016-11-15/', unsuccessful: '' } },
  }),
  step('13:55:41', 'newUser', 'route53resolver:DeleteResolverQueryLogConfig', 'dns.query-logging-removed', {
    request: { resolverQueryLogConfigId: 'rqlc-0123456789example' },
  }),
  step('13:56:15', 'newUser', 'logs:DeleteLogGroup', 'monitoring.removed', { request: { logGroupName: '/security/findings' } }),
  step('13:56:40', 'newUser', 'monitoring:DeleteAlarms', 'monitoring.removed', { request: { alarmNames: ['root-used', 'trail-stopped'] } }),
  step('13:57:09', 'newUser', 'events:DisableRule', 'events.rule-silenced', { request: { name: 'security-findings' } }),
  step('13:57:44', 'newUser', 'wafv2:DeleteWebACL', 'waf.removed', {
    request: { name: 'web', scope: 'REGIONAL', id: 'a1b2c3d4-5678-90ab-cdef-EXAMPLE11111', lockToken: 'example' },
  }),
  step('13:58:20', 'newUser', 'ec2:DisableEbsEncryptionByDefault', 'ec2.default-encryption-off', {
    request: { DisableEbsEncryptionByDefaultRequest: '' },
  }),
  step('13:58:51', 'newUser', 'bedrock:DeleteModelInvocationLoggingConfiguration', 'bedrock.logging-or-guardrail-removed'),
  step('13:59:22', 'newUser', 'organizations:LeaveOrganization', 'org.leave', {
    error: ['AccessDeniedException', "You don't have permissions to access this resource."],
  }),
  step('13:59:58', 'newUser', 'organizations:DetachPolicy', 'org.policy-weakened', {
    request: { policyId: 'p-example1', targetId: account },
  }),
  step('14:00:30', 'newUser', 'ec2:StopInstances', '', {
    request: { instancesSet: { items: [{ instanceId: instanceId('bastion-1') }] }, force: true },
    response: {
      instancesSet: {
        items: [
          {
            instanceId: instanceId('bastion-1'),
            currentState: { code: 64, name: 'stopping' },
            previousState: { code: 16, name: 'running' },
          },
        ],
      },
    },
  }),
];
