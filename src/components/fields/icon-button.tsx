import type { ComponentProps } from 'react';
import { Icon, type IconName } from './icon.tsx';

interface IconButtonProps extends ComponentProps<'button'> {
  readonly icon: IconName;
  readonly label: string;
  /** Show the words beside the picture where there is room. */
  readonly words?: boolean;
  readonly hint?: string;
}

/** A button with a picture; its name is `label` whether or not the words are in sight. */
export function IconButton({ icon, label, words = false, hint, className = '', ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      className={`button ${words ? '' : 'button-icon'} ${className}`}
      aria-label={label}
      title={hint ?? label}
      {...rest}
    >
      <Icon name={icon} />
      {words ? <span className="button-words">{label}</span> : null}
    </button>
  );
}
