// CloudTrail's public keys, which digests are signed with.
import type { PublicKey, PublicKeys } from '../../events/digest/doors.ts';
import { readPublicKeyList } from '../../events/digest/index.ts';
import { callJson, type JsonService } from './jsoncalls.ts';

export class CloudTrailPublicKeys implements PublicKeys {
  private readonly service: JsonService;

  constructor(service: JsonService) {
    this.service = service;
  }

  /** One page, as awscli asks: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_ListPublicKeys.html */
  async listPublicKeys(startMs: number, endMs: number): Promise<PublicKey[]> {
    const input = { StartTime: Math.floor(startMs / 1_000), EndTime: Math.floor(endMs / 1_000) };
    return readPublicKeyList(await callJson(this.service, 'ListPublicKeys', input));
  }
}
