import type { Invariant } from '../../symmetry/group-action.ts';
import type { GroupSummary } from '../../symmetry/summary.ts';
import { formatNumber, plural } from '../format.ts';
import { MathText } from './math-text.tsx';

interface GroupsCardProps {
  readonly groups: readonly GroupSummary[];
}

const kept: Readonly<Record<Invariant, string>> = {
  function: 'keeps the function for every input',
  'outputs-on-data': 'keeps the outputs on the present data',
  loss: 'keeps the loss',
  'first-order': 'keeps the outputs to first order only',
};

/** Every group that acts on the parameters; those that do not are folded away with their reasons. */
export function GroupsCard({ groups }: GroupsCardProps) {
  const acting = groups.filter(({ refusal }) => !refusal);
  const always = acting.filter((group) => !dependsOnData(group));
  const onData = acting.filter(dependsOnData);
  const others = groups.filter(({ refusal }) => refusal);
  return (
    <section className="card" aria-labelledby="groups-heading">
      <h2 className="panel-heading" id="groups-heading">
        Groups that act
      </h2>
      {acting.length === 0 ? <p className="note">No group of the table acts on these parameters.</p> : null}
      <GroupList groups={always} />
      {onData.length > 0 ? (
        <details className="disclosure" open={!always.some(({ continuous }) => continuous)}>
          <summary>
            On the present data only
            <span className="disclosure-value">{onData.length}</span>
          </summary>
          <GroupList groups={onData} />
        </details>
      ) : null}
      {others.length > 0 ? (
        <details className="disclosure">
          <summary>
            Groups that do not act here
            <span className="disclosure-value">{others.length}</span>
          </summary>
          <dl className="groups-refused">
            {others.map(({ name, label, refusal }) => (
              <div key={name}>
                <dt>{label}</dt>
                <dd className="note">{refusal}</dd>
              </div>
            ))}
          </dl>
        </details>
      ) : null}
    </section>
  );
}

const dependsOnData = ({ invariant }: GroupSummary): boolean =>
  invariant === 'outputs-on-data' || invariant === 'first-order';

const GroupList = ({ groups }: GroupsCardProps) => (
  <ul>
    {groups.map((group) => (
      <GroupEntry key={group.name} group={group} />
    ))}
  </ul>
);

function GroupEntry({ group }: { readonly group: GroupSummary }) {
  const { label, symbol, formula, invariant, continuous, dimension, exactness } = group;
  return (
    <li className="group">
      <div className="group-head">
        <h3 className="group-label">{label}</h3>
        <span className="group-symbol">
          <MathText>{symbol}</MathText>
        </span>
      </div>
      <p>
        <MathText>{formula}</MathText>
      </p>
      <p className="note">
        {continuous && dimension !== null ? plural(dimension, 'dimension') : 'Discrete'}; {kept[invariant]}.
      </p>
      {dependsOnData(group) && exactness ? (
        <p className={exactness.exact ? 'note' : 'note note-warning'}>
          <span>
            {exactness.message}
            {exactness.conditioning > 1
              ? ` Condition number ${formatNumber(exactness.conditioning, 2)}.`
              : ''}
          </span>
        </p>
      ) : null}
    </li>
  );
}
