import type { FaceInfo, Region, SourceKind } from '../../app/faces/api';
import { REGIONS } from '../../app/faces/choices';
import { useApp } from '../../state/store';
import { useSimroom } from '../context';
import { SelectLine } from '../parts/select_line';
import { REGION_WORDS, SOURCE_WORDS } from './words';

/** Which source moves which part of the face. */
export function Mixing() {
  const simroom = useSimroom();
  const face = useApp((s) => s.face);
  if (face === null) return null;
  return (
    <section className="panel-group mixing" aria-labelledby="face-mixing">
      <h3 id="face-mixing">Which moves what</h3>
      {REGIONS.map((region) => (
        <SelectLine
          key={region}
          label={REGION_WORDS[region]}
          value={face.choices[region]}
          choices={choicesOf(face, region)}
          onChange={(source) => simroom.face.choose(region, source)}
        />
      ))}
    </section>
  );
}

/** Automatic, what is on, and what was chosen even though it is off. */
function choicesOf(face: FaceInfo, region: Region) {
  const chosen = face.choices[region];
  const driver = face.sources.find(({ drives }) => drives.includes(region))?.kind;
  const kinds = face.sources.map(({ kind }) => kind);
  const off = chosen !== 'auto' && !kinds.includes(chosen);
  const automatic = {
    value: 'auto' as SourceKind | 'auto',
    label:
      chosen === 'auto' && driver !== undefined
        ? `automatic: ${SOURCE_WORDS[driver].toLowerCase()}`
        : 'automatic',
  };
  return [
    automatic,
    ...kinds.map((kind) => ({ value: kind, label: SOURCE_WORDS[kind] })),
    ...(off ? [{ value: chosen, label: `${SOURCE_WORDS[chosen]} (off)` }] : []),
  ];
}
