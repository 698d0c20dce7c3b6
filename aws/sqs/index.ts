// The doors that are SQS queues: where hits go, and what the bus refused; and how the hits of a message are read again.
export { hitMessages, MAX_HITS_BYTES, readHitMessage } from './hitmessages.ts';
export { SqsHitQueue, type SqsHitQueueOptions } from './hitqueue.ts';
export { MAX_MESSAGE_BYTES, SqsParkedEntries } from './parkedentries.ts';
