import type { FaceApp } from '../face_api';
import { CodeFace } from './code';
import { FaceMemory } from './memory';
import { ModelFaces } from './model_faces';
import { FaceNews } from './news';
import { OwnFace } from './own_face';
import { TITLES } from './slot';

/**
 * What there is of faces from the start: one's own as code sets it, how it is tuned and mixed, what the browser
 * remembers, the places of the model. So whatever is said counts at once, and whatever is told is true, before the rest
 * has been fetched.
 */
export class FaceBasics {
  readonly memory = new FaceMemory();
  readonly code = new CodeFace();
  readonly own: OwnFace;
  readonly onModel: ModelFaces;
  readonly news: FaceNews;

  constructor(app: FaceApp) {
    this.own = new OwnFace(this.code, this.memory, (kind, error) => {
      app.warn('source-failed', `${TITLES[kind]}: ${error.message}`);
    });
    this.onModel = new ModelFaces(app);
    this.news = new FaceNews(this.own, this.memory, this.onModel, (info) => app.events.emit('face', info));
  }
}
