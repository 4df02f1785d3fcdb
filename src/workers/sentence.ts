import { EngineRefusedError } from '../engine/engine.ts';
import { DocumentError } from '../experiment/document-error.ts';

/** What went wrong, as one sentence for the user. */
export function sentence(error: unknown): string {
  if (error instanceof DocumentError || error instanceof EngineRefusedError) return error.message;
  const text = error instanceof Error ? error.message : String(error);
  if (error instanceof RangeError && /alloc|array length|memory/i.test(text))
    return 'The run needs more memory than there is: use smaller widths, fewer flows or fewer recorded frames.';
  return `The run stopped because of an unexpected error (${text.replace(/\s+/g, ' ').slice(0, 200)}): change the set-up, or press Reset to try again.`;
}
