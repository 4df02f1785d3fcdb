import { flowTime } from '../../experiment/edit-flow.ts';
import { withTeleportationSchedule } from '../../experiment/edit-teleportations.ts';
import type { TeleportationsDocument } from '../../experiment/experiment.ts';
import { limits } from '../../experiment/limits.ts';
import { leastEvery } from '../../experiment/teleportation-rules.ts';
import type { TeleportationSchedule } from '../../symmetry/teleportation/options.ts';
import { NumberField } from '../fields/number-field.tsx';
import { TextField } from '../fields/text-field.tsx';
import { formatEditable } from '../format.ts';
import { parseAscending } from '../parse.ts';
import { useExperiment } from '../session-context.ts';
import { useEdit } from '../use-edit.ts';

interface ScheduleFieldsProps {
  readonly document: TeleportationsDocument;
}

/** When exactly: what belongs to the chosen kind of schedule. */
export function ScheduleFields({ document }: ScheduleFieldsProps) {
  const edit = useEdit();
  const flow = useExperiment((experiment) => experiment.flow);
  const change = (schedule: TeleportationSchedule) =>
    edit((experiment) => withTeleportationSchedule(experiment, schedule));
  const steps = 'steps' in flow ? flow.steps : limits.steps.maximum;
  const time = flowTime(flow);
  if ('at' in document)
    return (
      <TextField
        label="Jump after"
        value={document.at.join(', ')}
        parse={(text) =>
          parseAscending(text, 'Steps to jump after', { integer: true, minimum: 0, maximum: steps })
        }
        onCommit={(at) => change({ kind: 'at', steps: at })}
        inputMode="text"
        width="long"
        hint="Numbers of steps after which the flows jump; 0 is the start"
      />
    );
  if ('atTime' in document)
    return (
      <TextField
        label="Jump at"
        value={document.atTime.map((at) => formatEditable(at, 6)).join(', ')}
        parse={(text) => parseAscending(text, 'Times to jump at', { minimum: 0, maximum: time })}
        onCommit={(atTime) => change({ kind: 'at-time', times: atTime })}
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
        minimum={leastEvery(steps)}
        maximum={steps}
        onCommit={(every) => change({ kind: 'every', steps: every })}
        hint="How many steps lie between two jumps"
      />
    );
  const kind = 'when-gradient-norm-below';
  const { whenGradientNormBelow: bound, limit = 1 } = document;
  return (
    <>
      <NumberField
        label="Jump below"
        value={bound}
        minimum={0}
        exclusive
        onCommit={(bound) => change({ kind, bound, limit })}
        hint="A flow jumps each time its gradient norm falls to this"
      />
      <NumberField
        label="Jumps at most"
        value={limit}
        integer
        minimum={1}
        maximum={limits.teleportations.maximum}
        onCommit={(most) => change({ kind, bound, limit: most })}
        hint="How many times each flow jumps at most"
      />
    </>
  );
}
