import { withInitialisation, withInitialisationKind, withStd } from '../../experiment/edit.ts';
import { withStart } from '../../experiment/edit-architecture.ts';
import type { InitialisationDocument } from '../../experiment/experiment.ts';
import { isMlpExperiment } from '../../experiment/experiment.ts';
import { limits } from '../../experiment/limits.ts';
import { NumberField } from '../fields/number-field.tsx';
import { TextField } from '../fields/text-field.tsx';
import { formatStds, parseStds } from '../parse.ts';
import { useExperiment, useNetwork } from '../session-context.ts';
import { useEdit } from '../use-edit.ts';
import { ChoiceSection } from './section.tsx';

const schemes: Readonly<
  Record<InitialisationDocument['kind'], { readonly label: string; readonly hint: string }>
> = {
  normal: { label: 'normal', hint: 'Weights from N(0, std²), one standard deviation per layer' },
  xavier: { label: 'Xavier', hint: 'Variance 2 / (inputs + outputs) of the layer' },
  he: { label: 'He', hint: 'Variance 2 / inputs of the layer' },
  lecun: { label: 'LeCun', hint: 'Variance 1 / inputs of the layer' },
  orthogonal: { label: 'orthogonal', hint: 'Orthonormal rows or columns, uniformly at random' },
  explicit: { label: 'explicit', hint: 'The parameters are written out in the experiment document' },
};

const option = (value: InitialisationDocument['kind']) => ({ value, label: schemes[value].label });

const options = (Object.keys(schemes) as InitialisationDocument['kind'][]).map(option);
/** A test function has no layers to scale by. */
const pointOptions = (['explicit', 'normal'] as const).map(option);

/** Where the parameters start. */
export function InitialisationSection() {
  const edit = useEdit();
  const initialisation = useExperiment((experiment) => experiment.initialisation);
  const layers = useNetwork(({ architecture }) => architecture.widths.length - 1);
  const random = initialisation.kind === 'explicit' ? null : initialisation;
  return (
    <ChoiceSection
      title="Initialisation"
      value={initialisation.kind}
      options={layers === null ? pointOptions : options}
      onSelect={(kind) => edit((experiment) => withInitialisationKind(experiment, kind))}
      hint={schemes[initialisation.kind].hint}
    >
      {initialisation.kind === 'normal' ? (
        <TextField
          label={layers === null ? 'Std' : 'Std per layer'}
          value={formatStds(initialisation.std)}
          parse={(text) => parseStds(text, layers ?? 1)}
          onCommit={(std) => edit((experiment) => withStd(experiment, std))}
          inputMode="text"
          hint="Standard deviation of the weights: one number, or one per layer"
        />
      ) : null}
      {random && random.kind !== 'normal' ? (
        <NumberField
          label="Gain"
          value={random.gain ?? 1}
          minimum={0}
          exclusive
          onCommit={(gain) => edit((experiment) => withInitialisation(experiment, { ...random, gain }))}
          hint="Multiplies every weight"
        />
      ) : null}
      {random ? (
        <>
          <NumberField
            label="Seed"
            value={random.seed}
            integer
            {...limits.seed}
            onCommit={(seed) => edit((experiment) => withInitialisation(experiment, { ...random, seed }))}
            hint="The random draw of the parameters; kept on reset"
          />
          <NumberField
            label="Replicas"
            value={random.replicas ?? 0}
            integer
            {...limits.replicas}
            onCommit={(replicas) =>
              edit((experiment) => withInitialisation(experiment, withReplicas(random, replicas)))
            }
            hint="Further flows from the seeds that follow"
          />
        </>
      ) : layers === null ? (
        <StartFields />
      ) : (
        <p className="note">Parameters as written in the document.</p>
      )}
    </ChoiceSection>
  );
}

/** The point (x, y) at which the flow of a test function starts. */
function StartFields() {
  const edit = useEdit();
  const row = useExperiment(({ initialisation }) =>
    initialisation.kind === 'explicit' ? initialisation.parameters[0]?.weight[0] : undefined,
  );
  const [x = 0, y = 0] = row ?? [];
  const move = (start: readonly [number, number]) =>
    edit((experiment) => (isMlpExperiment(experiment) ? experiment : withStart(experiment, start)));
  return (
    <>
      <NumberField
        label="Start x"
        value={x}
        onCommit={(to) => move([to, y])}
        hint="x at which the flow starts"
      />
      <NumberField
        label="Start y"
        value={y}
        onCommit={(to) => move([x, to])}
        hint="y at which the flow starts"
      />
    </>
  );
}

type RandomInitialisation = Exclude<InitialisationDocument, { kind: 'explicit' }>;

function withReplicas(initialisation: RandomInitialisation, replicas: number): RandomInitialisation {
  const { replicas: _, ...rest } = initialisation;
  return replicas > 0 ? { ...rest, replicas } : rest;
}
