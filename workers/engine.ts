import { expose } from 'comlink';
import { engineService } from '../src/session/engine_service';

expose(engineService());
