import { Icon } from '../fields/icon.tsx';
import { IconButton } from '../fields/icon-button.tsx';
import { useNotice, useSession } from '../session-context.ts';

/** One sentence that needs no answer; the running experiment goes on behind it. */
export function NoticeBar() {
  const session = useSession();
  const { kind, text } = useNotice((state) => state);
  if (!text) return null;
  return (
    <div className="notice" data-kind={kind}>
      <Icon name={kind === 'error' ? 'warning' : 'information'} />
      <p role="alert">{text}</p>
      <IconButton icon="close" label="Dismiss" onClick={() => session.notice.setState({ text: '' })} />
    </div>
  );
}
