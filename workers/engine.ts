import { expose } from 'comlink';
import { engineService } from '../src/session/engine_service';
import { openLink } from '../src/transport/channels';

expose(engineService(openLink));
