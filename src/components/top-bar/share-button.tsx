import { useEffect, useState } from 'react';
import { IconButton } from '../fields/icon-button.tsx';
import { useSession } from '../session-context.ts';

/** Copies a link that reopens the present experiment, and says so. */
export function ShareButton() {
  const session = useSession();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2500);
    return () => clearTimeout(timer);
  }, [copied]);

  const copy = async () => {
    try {
      const link = session.link();
      await navigator.clipboard.writeText(link).catch(() => {
        location.hash = new URL(link).hash;
        session.notice.setState({
          kind: 'information',
          text: 'This browser keeps pages from copying; the link is now in the address bar.',
        });
      });
      setCopied(true);
    } catch (error) {
      session.notice.setState({
        kind: 'error',
        text: error instanceof Error ? error.message : 'The link could not be made.',
      });
    }
  };

  return (
    <>
      <IconButton
        icon={copied ? 'check' : 'link'}
        label="Share link"
        words
        hint="Copy a link that reopens this experiment"
        className={copied ? 'button-done' : ''}
        onClick={() => void copy()}
      />
      <span className="sr-only" aria-live="polite">
        {copied ? 'Link copied' : ''}
      </span>
      {copied ? (
        <span className="toast" aria-hidden="true">
          Link copied
        </span>
      ) : null}
    </>
  );
}
