import type { SourceRequest } from './api';
import type { FaceSource, SourceEvents } from './source';

/**
 * Opens a source; its code is fetched first.
 *
 * @throws SimroomError as the source has it
 */
export async function openSource(request: SourceRequest, events: SourceEvents): Promise<FaceSource> {
  switch (request.kind) {
    case 'webcam': {
      const { openWebcam } = await import('./webcam');
      const { device, task } = request;
      return openWebcam(
        { ...(device === undefined ? {} : { device }), ...(task === undefined ? {} : { task }) },
        events,
      );
    }
    case 'microphone': {
      const { openMicrophone } = await import('./microphone');
      const { device } = request;
      return openMicrophone(device === undefined ? {} : { device }, events);
    }
    case 'audio': {
      const { openAudioFile } = await import('./audio_file');
      const { kind: _kind, ...options } = request;
      return openAudioFile(options, events);
    }
    case 'text': {
      const { openTypedText } = await import('./typed_text');
      const { kind: _kind, ...options } = request;
      return openTypedText(options, events);
    }
    case 'recording': {
      const { openRecording } = await import('./recording');
      return openRecording(request, events);
    }
    case 'bridge': {
      const { openBridge } = await import('./bridge');
      return openBridge(request, events);
    }
  }
}
