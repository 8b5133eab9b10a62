import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ListFormat } from '@lvscope/syntax';
import { formatConnections } from './connections.ts';
import { formatLargeNumber } from './large-number.ts';
import type { ListedService } from './listed.ts';
import { formatSave, formatServices, formatVersionLine } from './services.ts';
import { sortServices } from './sort.ts';
import { readConnections, readNumbers, readServices } from '../testing/read-listing.ts';
import { recordedTexts, traceNames } from '../testing/recorded.ts';

const FORMAT: ListFormat = {
  numeric: true,
  stats: false,
  rate: false,
  thresholds: false,
  persistentConn: false,
  tunInfo: false,
  noSort: true,
  exact: false,
};

/** The recorded text, read into data and printed again. */
function printedAgain(text: string): string {
  const version = text.startsWith('IP ') ? formatVersionLine(4096) : '';
  if (text.includes('pro expire')) {
    return formatConnections(readConnections(text), { persistentConn: text.includes('pe_data'), names: [] });
  }
  if (text.includes('OutPkts')) {
    return version + formatServices(readNumbers(text, 'stats'), { ...FORMAT, stats: true }, []);
  }
  if (text.includes('OutPPS')) {
    return version + formatServices(readNumbers(text, 'rates'), { ...FORMAT, rate: true }, []);
  }
  if (text.includes('Uthreshold')) {
    return version + formatServices(readServices(text, 'thresholds'), { ...FORMAT, thresholds: true }, []);
  }
  if (text.includes('PersistConn')) {
    return version + formatServices(readServices(text, 'persist'), { ...FORMAT, persistentConn: true }, []);
  }
  return version + formatServices(readServices(text, 'plain'), FORMAT, []);
}

/** What the reader of the tests can read: not --tun-info. */
const isListing = (text: string): boolean =>
  /^(IP Virtual|Prot Local|IPVS conn)/.test(text) && !/^ {2}-> .*:Port Forw|TunnelInfo/m.test(text);

test('every listing that the real tool was recorded printing is printed again byte for byte', () => {
  let seen = 0;
  for (const trace of traceNames()) {
    for (const text of recordedTexts(trace).filter(isListing)) {
      expect(printedAgain(text), trace).toBe(text);
      seen++;
    }
  }
  expect(seen).toBeGreaterThan(100);
});

test('a list is sorted by mark, family, protocol, address, port, and --nosort leaves it', () => {
  const texts = recordedTexts('cli-errors').filter((text) => text.includes('[2001:db8::1]:80 rr'));
  const sorted = readServices(texts[0] ?? '', 'plain');
  expect(sorted.length).toBeGreaterThan(5);
  const reversed = [...sorted]
    .reverse()
    .map((listed) => ({ ...listed, servers: [...listed.servers].reverse() }));
  expect(sortServices(reversed)).toEqual(sorted);
  expect(formatServices(reversed, { ...FORMAT, noSort: false }, [])).toBe(formatServices(sorted, FORMAT, []));
});

const service = (text: string): ListedService => {
  const listed = readServices(`\n\n${text} rr\n`, 'plain')[0];
  if (!listed) throw new Error(text);
  return listed;
};

test('addresses are sorted by the sign of a 32-bit difference: 192.168.0.100 before 10.0.0.1', () => {
  const names = ['TCP  10.0.0.1:80', 'TCP  192.168.0.100:80', 'TCP  192.168.0.99:80'];
  const text = formatServices(names.map(service), { ...FORMAT, noSort: false }, []);
  expect(text.match(/\d+\.\d+\.\d+\.\d+/g)).toEqual(['192.168.0.99', '192.168.0.100', '10.0.0.1']);
});

test('a mark of 4294967295 is printed as -1, before the services without mark', () => {
  const marked = service('FWM  1');
  const listed: ListedService[] = [
    service('TCP  192.168.0.100:80'),
    { ...marked, service: { kind: 'fwmark', mark: 0xffffffff, family: 4 } },
  ];
  expect(formatServices(listed, { ...FORMAT, noSort: false }, []).split('\n')[2]).toMatch(/^FWM {2}-1 rr/);
  expect(formatSave(listed, []).split('\n')[0]).toBe('-A -f -1 -s rr');
});

test('large counters are cut to thousands, millions, billions, and --exact prints them whole', () => {
  expect(formatLargeNumber(99_999_999, false)).toBe(' 99999999');
  expect(formatLargeNumber(100_000_000, false)).toBe('  100000K');
  expect(formatLargeNumber(999_999_999, false)).toBe('  999999K');
  expect(formatLargeNumber(1_000_000_000, false)).toBe('    1000M');
  expect(formatLargeNumber(99_999_999_999, false)).toBe('   99999M');
  expect(formatLargeNumber(100_000_000_000, false)).toBe('     100G');
  expect(formatLargeNumber(2e14, false)).toBe('     200T');
  expect(formatLargeNumber(12_345_678, true)).toBe(' 12345678');
  expect(formatLargeNumber(1_234_567_890, true)).toBe(' 1234567890');
});

test('a column of counters is nine wide however large the number is', () => {
  fc.assert(
    fc.property(fc.nat({ max: Number.MAX_SAFE_INTEGER }), (value) => {
      expect(formatLargeNumber(value, false)).toHaveLength(9);
    }),
  );
});
