import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Role } from '../../protocol/ctl';
import { MAX_PEOPLE } from '../../protocol/limits';
import type { KeyPair } from '../../protocol/trust';
import { newKeyPair } from '../../transport/keys';
import { Gate, asGateState } from './gate';

const TAG = '00112233445566778899aabbccddeeff';

let hostKey: KeyPair;
let now: number;
let gate: Gate;

beforeAll(async () => {
  hostKey = await newKeyPair();
});

beforeEach(() => {
  now = 0;
  gate = new Gate({ tag: TAG, hostKey, now: () => now, defaultRole: 'viewer' });
});

const reloaded = (): Gate =>
  new Gate(
    { tag: TAG, hostKey, now: () => now, defaultRole: 'viewer' },
    asGateState(structuredClone(gate.save())),
  );

async function enter(at: Gate, identity: string, token: string | null = null, people = 1): Promise<Role> {
  return at.enter(identity, await at.verify(token), people);
}

async function invite(role: Role, uses = 0, expiresIn = 0): Promise<{ id: string; token: string }> {
  return gate.invitations.create({ role, expiresIn, uses });
}

const refused = (code: string): Error => expect.objectContaining({ name: 'SimroomError', code }) as Error;

describe('the gate', () => {
  it('gives the default role by the plain link, and that of the invitation by one', async () => {
    expect(await enter(gate, 'ada')).toBe('viewer');
    expect(await enter(gate, 'bea', (await invite('admin')).token)).toBe('admin');
    gate.defaultRole = 'developer';
    expect(await enter(gate, 'cleo')).toBe('developer');
  });

  it('gives who comes back the role they had last', async () => {
    const { token } = await invite('developer', 1, 60);
    await enter(gate, 'ada');
    await enter(gate, 'bea', token);
    gate.setRole('bea', 'viewer');
    gate.setRole('ada', 'admin');
    gate.defaultRole = 'developer';
    now = 3600;
    for (const at of [gate, reloaded()]) {
      expect(await enter(at, 'ada')).toBe('admin');
      expect(await enter(at, 'bea', token)).toBe('viewer');
      expect(await enter(at, 'bea')).toBe('viewer');
    }
  });

  it('gives who comes back with another invitation the role of that one', async () => {
    await enter(gate, 'ada');
    expect(await enter(gate, 'ada', (await invite('admin')).token)).toBe('admin');
    expect(await enter(gate, 'ada')).toBe('admin');
    const late = await invite('viewer', 0, 60);
    now = 60;
    await expect(enter(gate, 'ada', late.token)).rejects.toThrow(refused('invitation-invalid'));
  });

  it('locked, lets in those who were in and nobody new, not even by invitation', async () => {
    await enter(gate, 'ada');
    const { token } = await invite('admin');
    gate.locked = true;
    for (const at of [gate, reloaded()]) {
      expect(await enter(at, 'ada')).toBe('viewer');
      await expect(enter(at, 'bea')).rejects.toThrow(refused('room-locked'));
      await expect(enter(at, 'bea', token)).rejects.toThrow(refused('room-locked'));
    }
    expect(gate.invitations.list()[0]?.used).toBe(0);
    gate.locked = false;
    expect(await enter(gate, 'bea')).toBe('viewer');
  });

  it('lets nobody into a full room, and takes no use of an invitation for it', async () => {
    const { token } = await invite('admin', 1);
    expect(await enter(gate, 'ada', null, MAX_PEOPLE - 1)).toBe('viewer');
    await expect(enter(gate, 'bea', token, MAX_PEOPLE)).rejects.toThrow(refused('room-full'));
    expect(await enter(gate, 'bea', token)).toBe('admin');
  });

  it('keeps out who was removed, and whoever else comes by their invitation', async () => {
    const { token } = await invite('admin');
    await enter(gate, 'ada', token);
    await enter(gate, 'bea', token);
    gate.remove('ada');
    for (const at of [gate, reloaded()]) {
      await expect(enter(at, 'ada')).rejects.toThrow(refused('removed'));
      await expect(enter(at, 'ada', token)).rejects.toThrow(refused('removed'));
      await expect(enter(at, 'ada in another browser', token)).rejects.toThrow(refused('invitation-invalid'));
      expect(await enter(at, 'bea', token)).toBe('admin');
    }
    expect(await enter(gate, 'dora', (await invite('viewer')).token)).toBe('viewer');
  });

  it('makes strangers of those who came by an invitation that was revoked, except where an admin chose', async () => {
    const { id, token } = await invite('admin');
    await enter(gate, 'ada', token);
    await enter(gate, 'bea', token);
    gate.setRole('bea', 'developer');
    gate.revoke(id);
    for (const at of [gate, reloaded()]) {
      await expect(enter(at, 'ada', token)).rejects.toThrow(refused('invitation-invalid'));
      expect(await enter(at, 'ada')).toBe('viewer');
      expect(await enter(at, 'bea', token)).toBe('developer');
    }
  });

  it('remembers a bounded number of people, those who came last', async () => {
    gate.setRole('ada', 'admin');
    gate.setRole('bea', 'admin');
    for (let i = 0; i < 1023; i++) await enter(gate, `stranger ${i}`);
    expect(gate.save().members).toHaveLength(1024);
    expect(await enter(gate, 'bea')).toBe('admin');
    expect(await enter(gate, 'ada')).toBe('viewer');
  });

  it('takes no state but its own', () => {
    for (const other of [undefined, null, 5, 'x', {}, { version: 2 }]) expect(asGateState(other)).toBeNull();
    expect(asGateState(gate.save())).toEqual(gate.save());
  });
});
