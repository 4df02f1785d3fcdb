/** A command that cannot be carried out. The message is one sentence for the user; the command ends with status 1. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}
