import { lossGradient } from '../../view/colour.ts';
import { Icon } from '../fields/icon.tsx';
import { usePreferences, useSession } from '../session-context.ts';

const maps = ['viridis', 'cividis'] as const;

/** The colour map of the loss, in a small disclosure. */
export function ColourChoice() {
  const session = useSession();
  const chosen = usePreferences((state) => state.colourMap);
  return (
    <details
      className="popover"
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) event.currentTarget.open = false;
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') event.currentTarget.open = false;
      }}
    >
      <summary className="button button-icon" aria-label="Colours" title="The colours of the loss">
        <Icon name="colours" />
      </summary>
      <fieldset className="popover-body">
        <legend>Colours of the loss</legend>
        {maps.map((map) => (
          <label key={map} className="colour-option">
            <input
              type="radio"
              name="colour-map"
              checked={chosen === map}
              onChange={() => session.preferences.setState({ colourMap: map })}
            />
            <span className="colour-swatch" style={{ background: lossGradient(map) }} aria-hidden="true" />
            {map}
          </label>
        ))}
      </fieldset>
    </details>
  );
}
