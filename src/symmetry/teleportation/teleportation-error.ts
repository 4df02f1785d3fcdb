/** A teleportation that cannot be: the message is one sentence saying why and what to do. */
export class TeleportationError extends RangeError {
  override readonly name = 'TeleportationError';
}
