// The version of a record's format. It is text: "1.10" is newer than "1.9".

/**
 * Whether the major number is one we know. A minor one only adds fields; a record without a version is of an early or an aggregated kind.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html (eventVersion)
 */
export const isKnownVersion = (eventVersion: string | undefined): boolean => eventVersion === undefined || /^1(\.\d+)*$/.test(eventVersion);
