import {
  isAdaptive,
  withEngine,
  withIntegrator,
  withStepSize,
  withSteps,
  withStop,
  withTime,
  withTolerance,
  withWeightDecay,
} from '../../experiment/edit-flow.ts';
import type { EngineName } from '../../experiment/experiment.ts';
import { limits } from '../../experiment/limits.ts';
import { integratorNames, integrators } from '../../flow/integrator.ts';
import { NumberField } from '../fields/number-field.tsx';
import { SelectField } from '../fields/select-field.tsx';
import { TextField } from '../fields/text-field.tsx';
import { formatEditable } from '../format.ts';
import { parseOptionalNumber } from '../parse.ts';
import { useExperiment } from '../session-context.ts';
import { useEdit } from '../use-edit.ts';
import { Section } from './section.tsx';

const integratorOptions = integratorNames.map((name) => ({ value: name, label: integrators[name].label }));

const engineOptions: readonly { readonly value: EngineName; readonly label: string }[] = [
  { value: 'auto', label: 'auto' },
  { value: 'cpu', label: 'cpu' },
  { value: 'webgpu', label: 'webgpu' },
  { value: 'tfjs', label: 'tfjs' },
];

/** How the flow is integrated, and where. */
export function FlowSection() {
  const edit = useEdit();
  const flow = useExperiment((experiment) => experiment.flow);
  const engine = useExperiment((experiment) => experiment.engine);
  return (
    <Section title="Flow">
      <SelectField
        label="Integrator"
        value={flow.integrator}
        options={integratorOptions}
        onSelect={(name) => edit((experiment) => withIntegrator(experiment, name))}
        hint={
          isAdaptive(flow.integrator)
            ? 'Chooses its steps to keep the local error within the tolerance'
            : 'Takes a fixed number of steps of the same size'
        }
      />
      {flow.integrator === 'dormand-prince' ? (
        <>
          <NumberField
            label="Tolerance"
            value={flow.tolerance}
            {...limits.tolerance}
            onCommit={(tolerance) => edit((experiment) => withTolerance(experiment, tolerance))}
            hint="Local error that a step may make, absolute and relative"
          />
          <NumberField
            label="Duration"
            value={flow.time}
            minimum={0}
            exclusive
            onCommit={(time) => edit((experiment) => withTime(experiment, time))}
            hint="How long the flow runs, in units of flow time"
          />
        </>
      ) : (
        <>
          <NumberField
            label="Step size"
            value={flow.stepSize}
            minimum={0}
            exclusive
            onCommit={(stepSize) => edit((experiment) => withStepSize(experiment, stepSize))}
            hint="Flow time per step: the learning rate"
          />
          <NumberField
            label="Steps"
            value={flow.steps}
            integer
            {...limits.steps}
            onCommit={(steps) => edit((experiment) => withSteps(experiment, steps))}
            hint="How many steps each flow takes"
          />
        </>
      )}
      <NumberField
        label="Weight decay"
        value={flow.weightDecay ?? 0}
        minimum={0}
        onCommit={(lambda) => edit((experiment) => withWeightDecay(experiment, lambda))}
        hint="λ of θ′ = −∇L − λθ: it breaks the symmetry, and Q decays as Q(0) exp(−2λt)"
      />
      <TextField
        label="Stop at gradient norm"
        value={flow.stop ? formatEditable(flow.stop.gradientNorm) : ''}
        placeholder="never"
        parse={(text) => parseOptionalNumber(text, 'The gradient norm', { minimum: 0, exclusive: true })}
        onCommit={(norm) => edit((experiment) => withStop(experiment, norm))}
        hint="A flow has converged once its gradient norm falls to this; empty: never"
      />
      <SelectField
        label="Engine"
        value={engine}
        options={engineOptions}
        onSelect={(name) => edit((experiment) => withEngine(experiment, name))}
        hint="Where the numbers are computed; auto takes the one that is expected to finish first"
      />
    </Section>
  );
}
