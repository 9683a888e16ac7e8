import { useEffect, useImperativeHandle, useRef, useState, type ReactNode, type Ref } from 'react';

/** Rows drawn beyond each edge, so that a quick scroll meets no blank. */
const OVERSCAN = 6;
/** Lists up to this long are drawn whole, without a scrollbar of their own. */
const WHOLE_UP_TO = 40;
/** Height of a long list's window, in rows. */
const WINDOW_ROWS = 14;

export interface VirtualListHandle {
  scrollTo(index: number): void;
}

/** A list of equally high rows that draws only those in sight, once it is long. */
export function VirtualList<T>(props: {
  readonly label: string;
  readonly items: readonly T[];
  readonly row: (item: T, index: number) => ReactNode;
  readonly ref?: Ref<VirtualListHandle>;
}) {
  const { items, row } = props;
  const box = useRef<HTMLDivElement>(null);
  const [height, setHeight] = useState(32);
  const [first, setFirst] = useState(0);
  const whole = items.length <= WHOLE_UP_TO;

  useEffect(() => {
    // The row height is a design token that depends on the pointing device.
    const probe = Number.parseFloat(getComputedStyle(document.documentElement).getPropertyValue('--row'));
    if (probe > 0) setHeight(probe);
  }, []);
  useImperativeHandle(
    props.ref,
    () => ({
      scrollTo: (index) => {
        const top = Math.max(0, index - 2);
        setFirst(top);
        box.current?.scrollTo({ top: top * height });
      },
    }),
    [height],
  );

  const from = whole ? 0 : Math.max(0, Math.min(first - OVERSCAN, items.length - WINDOW_ROWS));
  const to = whole ? items.length : Math.min(items.length, first + WINDOW_ROWS + OVERSCAN);
  return (
    <div
      ref={box}
      role="list"
      aria-label={props.label}
      className={whole ? undefined : 'scroll'}
      style={whole ? undefined : { height: WINDOW_ROWS * height, marginRight: -8, paddingRight: 8 }}
      tabIndex={whole ? undefined : 0}
      onScroll={(event) => setFirst(Math.floor(event.currentTarget.scrollTop / height))}
    >
      <div style={{ height: from * height }} />
      {items.slice(from, to).map((item, i) => (
        <div
          key={from + i}
          role="listitem"
          style={{ height }}
          aria-setsize={items.length}
          aria-posinset={from + i + 1}
        >
          {row(item, from + i)}
        </div>
      ))}
      <div style={{ height: (items.length - to) * height }} />
    </div>
  );
}
