import type { TeleportationsDocument } from '../../experiment/experiment.ts';
import { limits } from '../../experiment/limits.ts';
import { NumberField } from '../fields/number-field.tsx';
import { TextField } from '../fields/text-field.tsx';
import { parseAscending } from '../parse.ts';
import { useExperiment } from '../session-context.ts';
import { useEdit } from '../use-edit.ts';
import { withTeleportations } from './edits.ts';

interface ScheduleFieldsProps {
  readonly document: TeleportationsDocument;
}

/** When exactly: what belongs to the chosen kind of schedule. */
export function ScheduleFields({ document }: ScheduleFieldsProps) {
  const edit = useEdit();
  const flow = useExperiment((experiment) => experiment.flow);
  const change = (next: TeleportationsDocument) => edit((experiment) => withTeleportations(experiment, next));
  const steps = 'steps' in flow ? flow.steps : limits.steps.maximum;
  if ('at' in document)
    return (
      <TextField
        label="Jump after"
        value={document.at.join(', ')}
        parse={(text) =>
          parseAscending(text, 'Steps to jump after', { integer: true, minimum: 0, maximum: steps - 1 })
        }
        onCommit={(at) => change({ ...document, at })}
        inputMode="text"
        width="long"
        hint="Numbers of steps after which the flows jump; 0 is the start"
      />
    );
  if ('atTime' in document)
    return (
      <TextField
        label="Jump at"
        value={document.atTime.join(', ')}
        parse={(text) => parseAscending(text, 'Times to jump at', { minimum: 0 })}
        onCommit={(atTime) => change({ ...document, atTime })}
        inputMode="text"
        width="long"
        hint="Times at which the flows jump; 0 is the start"
      />
    );
  if ('every' in document)
    return (
      <NumberField
        label="Jump every"
        value={document.every}
        integer
        minimum={1}
        maximum={steps}
        onCommit={(every) => change({ ...document, every })}
        hint="How many steps lie between two jumps"
      />
    );
  return (
    <>
      <NumberField
        label="Jump below"
        value={document.whenGradientNormBelow}
        minimum={0}
        exclusive
        onCommit={(whenGradientNormBelow) => change({ ...document, whenGradientNormBelow })}
        hint="A flow jumps each time its gradient norm falls to this"
      />
      <NumberField
        label="Jumps at most"
        value={document.limit ?? 1}
        integer
        minimum={1}
        maximum={limits.teleportations.maximum}
        onCommit={(limit) => change({ ...document, limit })}
        hint="How many times each flow jumps at most"
      />
    </>
  );
}
