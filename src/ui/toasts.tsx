import { CircleAlert, Info, TriangleAlert, X } from 'lucide-react';
import { Toast } from 'radix-ui';
import { useApp } from '../state/store';
import type { ShownNotice } from '../state/notices';
import { attempt } from './actions';

/** How long a notice stays, ms: time to read it; one that asks for something stays longer. */
const NOTICE_MS = { info: 3000, warning: 9000, error: 9000 } as const;
const ACTION_NOTICE_MS = 20_000;

const ICONS = { info: Info, warning: TriangleAlert, error: CircleAlert } as const;

/** Short messages that pass by, some with something to do about them. */
export default function Toasts() {
  const notices = useApp((s) => s.notices);
  return (
    <Toast.Provider swipeDirection="left" label="Notice">
      {notices.map((notice) => (
        <Notice key={notice.id} notice={notice} />
      ))}
      <Toast.Viewport className="toasts" />
    </Toast.Provider>
  );
}

function Notice({ notice }: { readonly notice: ShownNotice }) {
  const dismiss = useApp((s) => s.dismissNotice);
  const { action, tone } = notice;
  const Icon = ICONS[tone];
  return (
    <Toast.Root
      className="toast pane"
      data-tone={tone}
      type={tone === 'info' ? 'background' : 'foreground'}
      duration={action === undefined ? NOTICE_MS[tone] : ACTION_NOTICE_MS}
      onOpenChange={(open) => {
        if (!open) dismiss(notice.id);
      }}
    >
      <Icon size={16} aria-hidden />
      <div className="text">
        <Toast.Description>{notice.message}</Toast.Description>
        {action === undefined ? null : (
          <Toast.Action altText={action.label} asChild>
            <button type="button" className="button" onClick={() => void attempt(action.run)}>
              {action.label}
            </button>
          </Toast.Action>
        )}
      </div>
      <Toast.Close className="icon-button small" aria-label="Dismiss">
        <X size={15} />
      </Toast.Close>
    </Toast.Root>
  );
}
