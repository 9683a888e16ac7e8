// @vitest-environment happy-dom
import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { SimroomError } from '../../core/errors';
import { appStore } from '../../state/store';
import { fakeSource } from '../../testing/fake_face';
import { renderApp, settle, type RenderedApp } from '../../testing/render_app';
import { runCommand } from '../commands';
import { REFUSALS } from '../room/words';

let app: RenderedApp;
beforeEach(async () => {
  app = await renderApp();
  appStore.getState().setPrefs({ named: true });
});
afterEach(() => app.unmount());

const ANA = { id: 'ana', name: 'Ana Lind' } as const;

/** Calls about faces. */
function faceCalls(): readonly (readonly unknown[])[] {
  return app.simroom.calls.filter(([name]) => name.startsWith('face.'));
}

async function openPanel(): Promise<void> {
  act(() => appStore.getState().openPanel('face'));
  await screen.findByRole('heading', { name: 'What moves it' });
}

async function openOptions(name: string): Promise<HTMLElement> {
  fireEvent.click(screen.getByRole('button', { name: `${name}: options` }));
  return screen.findByRole('group', { name: `${name}: options` });
}

describe('camera and microphone', () => {
  test('are off until somebody turns them on, and then say so', async () => {
    await openPanel();
    expect(faceCalls()).toEqual([]);
    expect(screen.queryByRole('group', { name: 'On now' })).toBeNull();
    fireEvent.click(screen.getByRole('switch', { name: 'Camera' }));
    await settle();
    expect(faceCalls()).toEqual([['face.open', { kind: 'webcam' }]]);
    const sign = screen.getByRole('group', { name: 'On now' });
    expect(sign.textContent).toContain('Camera on');
    fireEvent.click(screen.getByRole('switch', { name: 'Microphone' }));
    await settle();
    expect(sign.textContent).toContain('Camera and microphone on');
    fireEvent.click(within(sign).getByRole('button', { name: 'Camera and microphone off' }));
    await settle();
    expect(faceCalls().at(-1)).toEqual(['face.cut']);
    expect(screen.queryByRole('group', { name: 'On now' })).toBeNull();
  });

  test('go off by their switches, too', async () => {
    await openPanel();
    act(() => app.simroom.faces.change({ sources: [fakeSource({ kind: 'webcam' })] }));
    fireEvent.click(screen.getByRole('switch', { name: 'Camera' }));
    await settle();
    expect(faceCalls()).toEqual([['face.close', 'webcam']]);
  });

  test('one key cuts both, in a field and over a dialog', async () => {
    await openPanel();
    const options = await openOptions('Typed text');
    const press = (target: Element): void => {
      fireEvent.keyDown(target, { key: '.', ctrlKey: true });
    };
    press(within(options).getByRole('textbox', { name: 'Text to speak' }));
    expect(faceCalls()).toEqual([['face.cut']]);
    fireEvent.keyDown(document.body, { key: 'F1' });
    press(await screen.findByRole('dialog', { name: 'Help' }));
    expect(faceCalls()).toEqual([['face.cut'], ['face.cut']]);
  });

  test('the sign leads to the panel', async () => {
    act(() => app.simroom.faces.change({ sources: [fakeSource({ kind: 'microphone' })] }));
    fireEvent.click(screen.getByRole('button', { name: 'Microphone on' }));
    expect(await screen.findByRole('heading', { name: 'What moves it' })).toBeTruthy();
  });

  test('a refusal stays in the row until the next try, and passes by where no row is seen', async () => {
    const refused = new SimroomError('microphone-missing', 'No camera: allow it in the address bar.');
    app.simroom.faces.fail(refused);
    act(() => runCommand(app.simroom, 'face.webcam'));
    await settle();
    expect(appStore.getState().notices.map(({ message }) => message)).toEqual([refused.message]);
    await openPanel();
    expect(screen.getByRole('alert').textContent).toBe(refused.message);
    app.simroom.faces.fail(null);
    fireEvent.click(screen.getByRole('switch', { name: 'Camera' }));
    await settle();
    expect(screen.queryByRole('alert')).toBeNull();
    expect(appStore.getState().notices).toHaveLength(1);
  });

  test('who gives up waiting hears nothing of it', async () => {
    await openPanel();
    app.simroom.faces.fail(new SimroomError('load-cancelled', 'Closed.'));
    fireEvent.click(screen.getByRole('switch', { name: 'Microphone' }));
    await settle();
    expect(screen.queryByRole('alert')).toBeNull();
    expect(appStore.getState().notices).toEqual([]);
  });
});

describe('a source', () => {
  test('tells how it does, at what rate, and what it cannot do', async () => {
    await openPanel();
    act(() =>
      app.simroom.faces.change({
        sources: [
          fakeSource({ kind: 'webcam', rate: 29.7, status: { state: 'waiting', text: 'No face in sight.' } }),
          fakeSource({ kind: 'bridge', rate: 0, status: { state: 'failed', text: 'No bridge answers.' } }),
        ],
      }),
    );
    const rows = screen.getAllByRole('listitem');
    const row = (name: string): string =>
      rows.find((one) => one.textContent.startsWith(name))?.textContent ?? '';
    expect(row('Camera')).toContain('30 Hz');
    expect(row('Camera')).toContain('No face in sight.');
    expect(screen.getByRole('alert').textContent).toBe('No bridge answers.');
  });

  test('is calibrated, mirrored, and its gains are set', async () => {
    await openPanel();
    act(() => app.simroom.faces.change({ sources: [fakeSource({ kind: 'webcam', gain: { jawOpen: 2 } })] }));
    const options = await openOptions('Camera');
    fireEvent.click(within(options).getByRole('button', { name: 'Calibrate' }));
    await settle();
    expect(options.textContent).toContain('Look straight ahead, relaxed');
    act(() =>
      app.simroom.faces.change({
        sources: [fakeSource({ kind: 'webcam', neutral: 'set', gain: { jawOpen: 2 } })],
      }),
    );
    fireEvent.click(within(options).getByRole('button', { name: 'Forget' }));
    fireEvent.click(within(options).getByRole('switch', { name: /^Mirror/ }));
    const jaw = within(options).getByRole('slider', { name: 'Gain of jawOpen' });
    expect(jaw instanceof HTMLInputElement && jaw.valueAsNumber).toBe(2);
    fireEvent.input(jaw, { target: { value: '1.52' } });
    fireEvent.change(within(options).getByLabelText('Stronger or weaker'), {
      target: { value: 'browinnerup' },
    });
    fireEvent.input(within(options).getByRole('slider', { name: 'Gain of browInnerUp' }), {
      target: { value: '3' },
    });
    await settle();
    fireEvent.click(within(options).getByRole('button', { name: 'jawOpen: as it comes' }));
    await settle();
    const tuned = faceCalls().filter(([name]) => name === 'face.tune');
    expect(tuned).toEqual([
      ['face.tune', 'webcam', expect.objectContaining({ neutral: null })],
      ['face.tune', 'webcam', expect.objectContaining({ mirrored: true })],
      ['face.tune', 'webcam', expect.objectContaining({ gain: { jawOpen: 1.5 } })],
      ['face.tune', 'webcam', expect.objectContaining({ gain: { browInnerUp: 3 } })],
      ['face.tune', 'webcam', expect.objectContaining({ gain: { jawOpen: 1 } })],
    ]);
  });

  test('text is spoken', async () => {
    await openPanel();
    fireEvent.click(screen.getByRole('switch', { name: 'Typed text' }));
    const field = await screen.findByRole('textbox', { name: 'Text to speak' });
    expect(document.activeElement).toBe(field);
    fireEvent.change(field, { target: { value: '  Hello there ' } });
    fireEvent.click(screen.getByRole('button', { name: 'Speak' }));
    await settle();
    expect(faceCalls()).toEqual([['face.open', { kind: 'text', text: 'Hello there' }]]);
  });

  test('the bridge is told where it is and which phone to ask', async () => {
    await openPanel();
    const options = await openOptions('Phone or program');
    fireEvent.change(within(options).getByLabelText('Address'), { target: { value: 'ws://10.0.0.2:11112' } });
    fireEvent.change(within(options).getByLabelText('Code'), { target: { value: ' abc123 ' } });
    fireEvent.change(within(options).getByLabelText('Phone'), { target: { value: 'vtubestudio' } });
    fireEvent.change(within(options).getByLabelText('Its address'), { target: { value: '10.0.0.7' } });
    fireEvent.click(within(options).getByRole('button', { name: 'Connect' }));
    await settle();
    expect(faceCalls()).toEqual([
      [
        'face.open',
        {
          kind: 'bridge',
          url: 'ws://10.0.0.2:11112',
          code: 'abc123',
          phone: { app: 'vtubestudio', address: '10.0.0.7' },
        },
      ],
    ]);
    act(() =>
      app.simroom.faces.change({ sources: [fakeSource({ kind: 'bridge', subjects: ['iPhone', 'Ana'] })] }),
    );
    fireEvent.change(within(options).getByLabelText('Face'), { target: { value: 'Ana' } });
    await settle();
    expect(faceCalls().at(-1)?.[1]).toMatchObject({ kind: 'bridge', subject: 'Ana' });
  });

  test('moves what was chosen for it', async () => {
    await openPanel();
    act(() => app.simroom.faces.change({ sources: [fakeSource({ kind: 'microphone', drives: ['mouth'] })] }));
    const mouth = screen.getByLabelText<HTMLSelectElement>('Mouth');
    expect(mouth.selectedOptions[0]?.textContent).toBe('automatic: microphone');
    fireEvent.change(mouth, { target: { value: 'microphone' } });
    await settle();
    expect(faceCalls()).toEqual([['face.choose', 'mouth', 'microphone']]);
    // A choice that is off can still be seen.
    act(() => app.simroom.faces.change({ sources: [] }));
    expect(within(mouth).getByRole('option', { name: 'Microphone (off)' })).toBeTruthy();
  });

  test('code gives back what it has taken', async () => {
    await openPanel();
    act(() => app.simroom.faces.change({ sources: [fakeSource({ kind: 'code' })] }));
    fireEvent.click(screen.getByRole('button', { name: 'Clear' }));
    expect(faceCalls()).toEqual([['face.clear']]);
  });

  test('one’s face is recorded, and saved when that ends', async () => {
    await openPanel();
    const options = await openOptions('Recording');
    fireEvent.click(within(options).getByRole('button', { name: 'Record my face' }));
    fireEvent.click(await within(options).findByRole('button', { name: /Stop and save/ }));
    await settle();
    expect(faceCalls()).toEqual([['face.record'], ['face.stopRecording']]);
  });
});

describe('one’s own head', () => {
  test('has a style and colours', async () => {
    await openPanel();
    expect(app.simroom.faces.portraits()).toEqual([undefined]);
    fireEvent.click(screen.getByRole('button', { name: 'Human' }));
    fireEvent.click(screen.getByRole('button', { name: 'Colours' }));
    await settle();
    fireEvent.click(screen.getByRole('radio', { name: 'Hair 3' }));
    fireEvent.click(screen.getByRole('radio', { name: 'Accent 4' }));
    await settle();
    expect(faceCalls()).toEqual([
      ['face.setLook', { style: 'human' }],
      ['face.setLook', { hair: 2 }],
    ]);
    expect(app.simroom.room.settings().colour).toBe(3);
  });

  test('could be of any style, each pictured once one’s own face is drawn', async ({ onTestFinished }) => {
    const drawn = { getImageData: () => ({ data: [0, 0, 0, 255] }) };
    const canvas = vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue(drawn as never);
    onTestFinished(() => canvas.mockRestore());
    await openPanel();
    await waitFor(() =>
      expect(app.simroom.faces.portraits()).toEqual([
        undefined,
        { style: 'android' },
        { style: 'human' },
        { style: 'robot' },
      ]),
    );
  });

  test('comes out of a dropped file, whatever the role, and goes back to a style', async () => {
    act(() => app.simroom.others.enter([ANA], { role: 'viewer', host: false }));
    await openPanel();
    const file = new File(['glTF'], 'Me.GLB');
    const items = [{ kind: 'file', getAsFile: () => file }];
    fireEvent.drop(window, { dataTransfer: { types: ['Files'], items } });
    await waitFor(() => expect(faceCalls()).toHaveLength(1));
    expect(faceCalls()[0]?.[1]).toMatchObject({ name: 'Me.GLB' });
    await waitFor(() => expect(appStore.getState().notices.at(-1)?.message).toContain('52 of 52'));
    expect(screen.getByRole('button', { name: 'Android' }).getAttribute('aria-pressed')).toBe('false');
    fireEvent.click(screen.getByRole('button', { name: 'Robot' }));
    await settle();
    expect(faceCalls().slice(1)).toEqual([
      ['face.setFile', null],
      ['face.setLook', { style: 'robot' }],
    ]);
  });

  test('a file that is no head says why', async () => {
    app.simroom.faces.fail(
      new SimroomError('head-without-shapes', 'No shape in it has a name that is known.'),
    );
    const items = [{ kind: 'file', getAsFile: () => new File(['x'], 'cube.glb') }];
    fireEvent.drop(window, { dataTransfer: { types: ['Files'], items } });
    await waitFor(() => expect(appStore.getState().notices.at(-1)?.message).toContain('No shape in it'));
  });
});

describe('on bodies', () => {
  test('the selected one gets one’s face, and loses it', async () => {
    act(() => app.simroom.others.enter([ANA]));
    act(() => app.simroom.select(3));
    fireEvent.click(screen.getByRole('button', { name: 'Put my face on it' }));
    await settle();
    const taken = screen.getByRole('button', { name: 'Take my face off it' });
    await openPanel();
    expect(screen.getByRole('button', { name: /^Take my face off (?!it)/ })).toBeTruthy();
    expect(taken.getAttribute('aria-pressed')).toBe('true');
    fireEvent.click(taken);
    await settle();
    expect(faceCalls().map(([, on, peer]) => [on, peer])).toEqual([
      [{ body: 3 }, 'self'],
      [{ body: 3 }, null],
    ]);
  });

  test('every place says whose face it carries, and is given to another', async () => {
    act(() => app.simroom.others.enter([ANA]));
    act(() =>
      app.simroom.faces.change({
        places: [{ object: 'site', id: 2, name: 'face', peer: 'self', size: 0.24, fromModel: true }],
      }),
    );
    await openPanel();
    const whose = screen.getByLabelText<HTMLSelectElement>('Whose face is on face');
    expect(whose.selectedOptions[0]?.textContent).toBe('me');
    fireEvent.change(whose, { target: { value: 'ana' } });
    await settle();
    expect(faceCalls()).toEqual([['face.put', { site: 2 }, 'ana', 0.25]]);
  });

  test('a viewer is told why not', async () => {
    act(() => app.simroom.others.enter([ANA], { role: 'viewer', host: false }));
    act(() =>
      app.simroom.faces.change({
        places: [{ object: 'body', id: 2, name: 'hip', peer: 'ana', size: 0.24, fromModel: false }],
      }),
    );
    act(() => app.simroom.select(3));
    await openPanel();
    expect(screen.getByRole('region', { name: 'On bodies' }).textContent).toContain(REFUSALS.developer);
    expect(screen.getByLabelText<HTMLSelectElement>('Whose face is on hip').disabled).toBe(true);
    const put = screen.getByRole('button', { name: 'Put my face on it' });
    expect(put.getAttribute('aria-disabled')).toBe('true');
    fireEvent.click(put);
    await settle();
    expect(faceCalls()).toEqual([]);
  });
});

describe('faces of others', () => {
  beforeEach(() => {
    act(() => app.simroom.others.enter([ANA, { id: 'bo', name: 'Bo' }]));
    app.simroom.faces.setFigures([
      { peer: 'ana', rate: 59.4, bytesPerSecond: 1480, lost: 0.012, jitterMs: 2.2, delayMs: 18, wanted: 60 },
    ]);
  });

  test('are drawn in the bar, over letters, and no longer when nobody sees them', async () => {
    const button = await screen.findByRole('button', { name: /^People:/ });
    expect(app.simroom.faces.portraits()).toEqual(['self', 'ana', 'bo']);
    expect(button.textContent).toContain('AL');
    fireEvent.click(button);
    await screen.findByRole('list', { name: 'People' });
    expect(app.simroom.faces.portraits()).toHaveLength(6);
    act(() => app.simroom.others.end('room-closed', 'The host has left.'));
    expect(app.simroom.faces.portraits()).toEqual([]);
  });

  test('say in a person’s menu how they arrive', async () => {
    fireEvent.click(await screen.findByRole('button', { name: /^People:/ }));
    fireEvent.keyDown(await screen.findByRole('button', { name: 'Ana Lind: menu' }), { key: 'Enter' });
    await settle();
    expect(screen.getByRole('menu').textContent).toContain('Face: 59 Hz, 1.5 kB/s');
    expect(screen.getByRole('menu').textContent).toContain('18 ms late, jitter 2 ms, 1.2 % lost');
  });

  test('are measured, looked at shape by shape, and logged', async () => {
    act(() => appStore.getState().openPanel('shapes'));
    const table = await screen.findByRole('table');
    const [, ana, bo] = within(table).getAllByRole('row');
    expect(ana?.textContent).toBe('Ana Lind59/601.5 kB/s18 ± 2 ms1.2 %');
    expect(bo?.textContent).toContain('no face yet');
    const shape = (name: string): string | undefined =>
      within(screen.getByRole('list', { name: 'Shapes' }))
        .getAllByRole('listitem')
        .find((row) => row.textContent.startsWith(name))?.textContent;
    app.simroom.faces.show({ jawOpen: 0.5 });
    await waitFor(() => expect(shape('jawOpen')).toBe('jawOpen0.50'));
    app.simroom.faces.show({ jawOpen: 0.25 }, 'ana');
    fireEvent.change(screen.getByLabelText('Face of'), { target: { value: 'ana' } });
    await waitFor(() => expect(shape('jawOpen')).toBe('jawOpen0.25'));
    expect(within(screen.getByRole('list', { name: 'Shapes' })).getAllByRole('listitem')).toHaveLength(55);
    fireEvent.click(screen.getByRole('switch', { name: /^Log/ }));
    expect(faceCalls()).toEqual([['face.log', true]]);
  });
});

test('embedded, a camera that is on says so and can be turned off', async () => {
  app.unmount();
  app = await renderApp(undefined, { embedded: true });
  act(() => app.simroom.faces.change({ sources: [fakeSource({ kind: 'webcam' })] }));
  expect(screen.getByRole('group', { name: 'On now' }).textContent).toContain('Camera on');
  fireEvent.click(screen.getByRole('button', { name: 'Camera and microphone off' }));
  await settle();
  expect(faceCalls()).toEqual([['face.cut']]);
});
