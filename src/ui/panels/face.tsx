import { Mixing } from '../faces/mixing';
import { OwnHead } from '../faces/own_head';
import { Places } from '../faces/places';
import { SourceList } from '../faces/source_list';
import '../styles/faces.css';

/** One's own face: how it looks, what moves it, where else it is shown. */
export default function Face() {
  return (
    <div className="panel-stack">
      <OwnHead />
      <SourceList />
      <Mixing />
      <Places />
    </div>
  );
}
