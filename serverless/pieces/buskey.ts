// A bus with a key of its own parks what it can't encrypt or decrypt. Source: EventBridge user guide, "Encrypting event buses with AWS KMS keys".
import { getArn, maySend } from '../cloudformation.ts';
import type { StackPiece } from '../piece.ts';

export const busKey: StackPiece = {
  isPart: ({ parameters }) => parameters.kmsKeyArn !== undefined,
  resources: () => ({
    BusMayPark: maySend('ParkedEntriesQueue', 'events.amazonaws.com', { ArnEquals: { 'aws:SourceArn': getArn('Bus') } }, 'BusParks'),
  }),
};
