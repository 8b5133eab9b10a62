import { expect, it } from 'vitest';
import { addServer, deleteServer, editServer, pick, serviceWith, turns } from './testing/pool.ts';

it('starts with the server added last', () => {
  expect(turns(serviceWith('rr', [{}, {}, {}]), 7)).toBe('CBACBAC');
});

it('treats all weights above 0 alike and skips weight 0', () => {
  expect(turns(serviceWith('rr', [{ weight: 9 }, { weight: 0 }, { weight: 1 }]), 4)).toBe('CACA');
});

it('skips a server with the overload mark', () => {
  expect(turns(serviceWith('rr', [{}, { overloaded: true }, {}]), 4)).toBe('CACA');
});

it('meets a newly added server when it comes past the head again', () => {
  const service = serviceWith('rr', [{}, {}]);
  expect(turns(service, 1)).toBe('B');
  addServer(service, {});
  expect(turns(service, 4)).toBe('ACBA');
});

it('goes on with the successor when the last chosen server is deleted', () => {
  const service = serviceWith('rr', [{}, {}, {}, {}]);
  const [, second, third] = service.destinations;
  pick(service);
  expect(pick(service)).toBe(second);
  deleteServer(service, second!);
  expect(pick(service)).toBe(third);
});

it('starts at the head again when the last chosen server was the head and is deleted', () => {
  const service = serviceWith('rr', [{}, {}, {}]);
  deleteServer(service, pick(service)!);
  expect(pick(service)).toBe(service.destinations[0]);
});

it('keeps its place when another server is deleted or a weight is edited', () => {
  const service = serviceWith('rr', [{}, {}, {}, {}]);
  const [first, , third] = service.destinations;
  pick(service);
  pick(service);
  deleteServer(service, first!);
  editServer(service, service.destinations[0]!, 5);
  expect(pick(service)).toBe(third);
});

it('finds nobody among no servers, and goes on from its place once somebody is usable', () => {
  const service = serviceWith('rr', []);
  expect(pick(service)).toBeUndefined();
  const only = addServer(service, { weight: 0 });
  expect(pick(service)).toBeUndefined();
  editServer(service, only, 1);
  expect(turns(service, 2)).toBe('AA');
});
