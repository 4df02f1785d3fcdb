import { useEffect, useRef, useState } from 'react';

interface FormulaProps {
  readonly tex: string;
  /** The formula in words, for those who do not see it and until it is set. */
  readonly words: string;
}

/** A formula, set by KaTeX, which is loaded with the first one. */
export function Formula({ tex, words }: FormulaProps) {
  const element = useRef<HTMLDivElement>(null);
  const [set, setSet] = useState(false);
  useEffect(() => {
    let gone = false;
    Promise.all([import('katex'), import('katex/dist/katex.min.css')])
      .then(([{ default: katex }]) => {
        if (gone || !element.current) return;
        katex.render(tex, element.current, { displayMode: true, throwOnError: false, output: 'html' });
        setSet(true);
      })
      .catch(() => setSet(false));
    return () => {
      gone = true;
    };
  }, [tex]);
  return (
    <div className="formula">
      <span className={set ? 'sr-only' : 'muted'}>{words}</span>
      <div ref={element} aria-hidden="true" />
    </div>
  );
}
