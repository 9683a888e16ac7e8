import { chaosStage, ChaoticRoom } from '../src/testing/room_chaos';
async function main() {
  const stage = await chaosStage();
  const room: any = new (ChaoticRoom as any)(Number(process.argv[2]), stage);
  await room.live();
  console.log(await room.settle());
  for (const g of room.guests) console.log(g.seat, g.ended, 'world', g.world, 'host', room.host.world, g.events.map((e: any) => e.kind + (e.kind === 'world' ? e.manifest.world : e.kind === 'started' ? e.world : '')).filter((k: string) => !/people|said|progress/.test(k)).join(' '), 'lacks', g.coming?.world, g.link.line?.conditions);
  for (const h of room.host.session.room.connected) if (h.seat === 3) { console.log(h.feed.phase, h.feed.world?.number, h.feed.startSeq, h.feed.transfer); console.dir(h.lane.sender, { depth: 3 }); }
  for (const g of room.guests) if (g.seat === 3) { const f = g.session.follower; console.log(f.world, f.transfer, f.replica.started, g.session.lane.receiver, g.session.manifest.world); }
}
void main();
