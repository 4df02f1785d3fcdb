import { withActivation, withBias, withLoss, withWidths } from '../../experiment/edit.ts';
import {
  type ArchitectureChoice,
  architectureChoice,
  withArchitectureChoice,
} from '../../experiment/edit-architecture.ts';
import type { MlpExperiment } from '../../experiment/experiment.ts';
import { limits } from '../../experiment/limits.ts';
import { losses, lossNames } from '../../model/loss.ts';
import { testFunction, testFunctionNames } from '../../model/test-function.ts';
import { Checkbox } from '../fields/checkbox.tsx';
import { SelectField } from '../fields/select-field.tsx';
import { TextField } from '../fields/text-field.tsx';
import { formatWidths, parseWidths } from '../parse.ts';
import { useExperiment, useNetwork } from '../session-context.ts';
import { useEdit } from '../use-edit.ts';
import { activationHint, activationOptions } from './activation-options.ts';
import { ChoiceSection } from './section.tsx';

const architectureOptions = [
  { value: 'mlp', label: 'Network', group: 'Networks' },
  ...testFunctionNames.map((value) => ({ value, label: testFunction(value).label, group: 'Test functions' })),
] as const satisfies readonly { value: ArchitectureChoice; label: string; group: string }[];

const widthRules = {
  maximumWidth: limits.width.maximum,
  minimumLayers: limits.layers.minimum,
  maximumLayers: limits.layers.maximum,
};
const lossOptions = lossNames.map((name) => ({ value: name, label: losses[name].label }));

/** What is trained: a network with its loss, or a function of two variables that is its own loss. */
export function NetworkSection() {
  const edit = useEdit();
  const choice = useExperiment(architectureChoice);
  const architecture = useNetwork((experiment) => experiment.architecture);
  const loss = useNetwork((experiment) => experiment.loss);
  return (
    <ChoiceSection
      title="Architecture"
      value={choice}
      options={architectureOptions}
      onSelect={(chosen) => edit((experiment) => withArchitectureChoice(experiment, chosen))}
      hint="What is trained: a network, or a function of two variables that is its own loss"
    >
      {architecture && loss ? (
        <NetworkFields architecture={architecture} loss={loss} />
      ) : (
        <p className="note function-formula">
          L(x, y) = {choice === 'mlp' ? '' : testFunction(choice).formula}
        </p>
      )}
    </ChoiceSection>
  );
}

type NetworkFieldsProps = Pick<MlpExperiment, 'architecture' | 'loss'>;

function NetworkFields({ architecture: { widths, activation, bias }, loss: { kind } }: NetworkFieldsProps) {
  const edit = useEdit();
  return (
    <>
      <TextField
        label="Widths"
        value={formatWidths(widths)}
        parse={(text) => parseWidths(text, widthRules)}
        onCommit={(value) => edit((experiment) => withWidths(experiment, value))}
        inputMode="text"
        width="long"
        hint="Units of each layer, inputs first: 10-50-5"
      />
      <SelectField
        label="Activation"
        value={activation}
        options={activationOptions}
        onSelect={(name) => edit((experiment) => withActivation(experiment, name))}
        hint={activationHint(activation)}
      />
      <SelectField
        label="Loss"
        value={kind}
        options={lossOptions}
        onSelect={(name) => edit((experiment) => withLoss(experiment, name))}
        hint={losses[kind].formula}
      />
      <Checkbox
        label="Biases"
        checked={bias}
        onChange={(value) => edit((experiment) => withBias(experiment, value))}
        hint="Add a constant to every unit"
      />
    </>
  );
}
