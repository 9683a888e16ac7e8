import { Mark } from './mark';

/** Shown instead of everything else when the app cannot start here, as without WebGL. */
export function CannotStart({ error }: { readonly error: unknown }) {
  return (
    <main className="cannot-start" role="alert">
      <Mark />
      <h1>Simroom cannot start here</h1>
      <p>{error instanceof Error ? error.message : String(error)}</p>
    </main>
  );
}
