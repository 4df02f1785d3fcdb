import { withActivation, withBias, withLoss, withWidths } from '../../experiment/edit.ts';
import { limits } from '../../experiment/limits.ts';
import { activationNames, activations } from '../../model/activation.ts';
import { losses, lossNames } from '../../model/loss.ts';
import { Checkbox } from '../fields/checkbox.tsx';
import { SelectField } from '../fields/select-field.tsx';
import { TextField } from '../fields/text-field.tsx';
import { formatWidths, parseWidths } from '../parse.ts';
import { useExperiment } from '../session-context.ts';
import { useEdit } from '../use-edit.ts';
import { Section } from './section.tsx';

const widthRules = {
  maximumWidth: limits.width.maximum,
  minimumLayers: limits.layers.minimum,
  maximumLayers: limits.layers.maximum,
};
const activationOptions = activationNames.map((name) => ({ value: name, label: activations[name].label }));
const lossOptions = lossNames.map((name) => ({ value: name, label: losses[name].label }));

/** Architecture and loss. */
export function NetworkSection() {
  const edit = useEdit();
  const { widths, activation, bias } = useExperiment((experiment) => experiment.architecture);
  const loss = useExperiment((experiment) => experiment.loss.kind);
  return (
    <Section
      title="Network"
      beside={
        <Checkbox
          label="Biases"
          checked={bias}
          onChange={(value) => edit((experiment) => withBias(experiment, value))}
          hint="Add a constant to every unit"
        />
      }
    >
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
        hint="The function applied to every hidden unit"
      />
      <SelectField
        label="Loss"
        value={loss}
        options={lossOptions}
        onSelect={(name) => edit((experiment) => withLoss(experiment, name))}
        hint={losses[loss].formula}
      />
    </Section>
  );
}
