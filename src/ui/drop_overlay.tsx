import { PackageOpen } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useApp } from '../state/store';
import { attempt, attemptLoad, loadModel } from './actions';
import { useSimroom } from './context';
import { filesOfDrop, hasFiles } from './drop';
import { isHeadFile, wearFile } from './faces/face_actions';

/** The whole window takes files: a model, or the files that the last one lacked. */
export function DropOverlay() {
  const simroom = useSimroom();
  const [over, setOver] = useState(false);
  const completes = useApp((s) => s.failure?.code === 'assets-missing');

  useEffect(() => {
    // Enter and leave come for every element the pointer crosses: only their balance tells whether it is in the window.
    let depth = 0;
    const enter = (event: DragEvent): void => {
      if (!hasFiles(event.dataTransfer)) return;
      event.preventDefault();
      depth++;
      setOver(true);
    };
    const leave = (event: DragEvent): void => {
      if (!hasFiles(event.dataTransfer)) return;
      depth = Math.max(0, depth - 1);
      if (depth === 0) setOver(false);
    };
    const allow = (event: DragEvent): void => {
      if (hasFiles(event.dataTransfer)) event.preventDefault();
    };
    const drop = (event: DragEvent): void => {
      depth = 0;
      setOver(false);
      const transfer = event.dataTransfer;
      if (transfer === null || !hasFiles(transfer)) return;
      event.preventDefault();
      void attempt(async () => {
        const files = await filesOfDrop(transfer);
        if (files.length === 0) return;
        if (isHeadFile(files)) await wearFile(simroom, files[0]);
        else if (completes && !holdsModel(files)) await attemptLoad(() => simroom.addFiles(files));
        else await loadModel(simroom, files);
      });
    };
    window.addEventListener('dragenter', enter);
    window.addEventListener('dragleave', leave);
    window.addEventListener('dragover', allow);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragenter', enter);
      window.removeEventListener('dragleave', leave);
      window.removeEventListener('dragover', allow);
      window.removeEventListener('drop', drop);
    };
  }, [simroom, completes]);

  if (!over) return null;
  return (
    <div className="drop-overlay" aria-hidden>
      <div>
        <PackageOpen size={32} strokeWidth={1.5} />
        <b>{completes ? 'Drop the missing files' : 'Drop to open'}</b>
        <span className="muted">
          MJCF or URDF, with its folder, or a .zip or .mjz; a .glb becomes your head
        </span>
      </div>
    </div>
  );
}

const MODEL_FILE = /\.(xml|mjcf|urdf|zip|mjz)$/i;

/** Whether a drop brings a model of its own, rather than parts for the one that lacked some. */
function holdsModel(files: readonly File[]): boolean {
  return files.some((file) => MODEL_FILE.test(file.name));
}
