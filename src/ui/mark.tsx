/** The mark: a room seen from a corner, with one body in it. */
export function Mark({ size = 20 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" fill="none" aria-hidden>
      <path
        d="M12 2.6 20.2 7.3v9.4L12 21.4l-8.2-4.7V7.3Z"
        stroke="currentColor"
        strokeWidth="1.7"
        strokeLinejoin="round"
      />
      <path
        d="M12 2.6v6.2M3.8 16.7l5.3-3M20.2 16.7l-5.3-3"
        stroke="currentColor"
        strokeWidth="1.7"
        strokeLinecap="round"
        opacity=".45"
      />
      <circle cx="12" cy="12.4" r="3.3" fill="var(--accent, #0a7263)" />
    </svg>
  );
}
