import { expose } from 'comlink';
import { faceTrackerService } from '../src/tracker/service';

expose(faceTrackerService());
