import { useState } from 'react';
import { useSimroom } from './context';
import { Mark } from './mark';
import { SheetDialog } from './parts/sheet_dialog';
import './styles/help.css';

/** Made at build time from the licences of everything inside. */
const NOTICES_URL = './third-party-notices.txt';

/** What this is, its licence and its parts' licences. */
export default function About() {
  const simroom = useSimroom();
  const [notices, setNotices] = useState<string | null>(null);
  const fetchNotices = async (): Promise<void> => {
    try {
      const response = await fetch(NOTICES_URL);
      setNotices(response.ok ? await response.text() : 'The notices are missing from this copy of Simroom.');
    } catch (thrown) {
      setNotices(`The notices could not be fetched: ${String(thrown)}`);
    }
  };
  return (
    <SheetDialog title="About Simroom" className="about">
      <div className="dialog-body scroll">
        <div className="about-mark">
          <Mark size={44} />
          <div>
            <b>simroom</b>
            <div className="muted">Version {simroom.version}</div>
          </div>
        </div>
        <p>Real MuJoCo physics, running in your own browser. Nothing is sent anywhere.</p>
        <p className="muted">Licensed under the Apache License, version 2.0.</p>
        {notices === null ? (
          <p>
            <button type="button" className="button" onClick={() => void fetchNotices()}>
              Third-party notices
            </button>
          </p>
        ) : (
          <pre className="notices scroll" tabIndex={0} aria-label="Third-party notices">
            {notices}
          </pre>
        )}
      </div>
    </SheetDialog>
  );
}
