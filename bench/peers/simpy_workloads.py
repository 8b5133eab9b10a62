"""The same work in SimPy, a process a pending event or connection, as its manual would have it.

usage: simpy_workloads.py hold PENDING EVENTS | simpy_workloads.py (connections | packets) TOTAL
"""

import json
import random
import sys
import time

import simpy

random.seed(777)
# Exponential variates of mean 1 from a table, as in all contestants: log() is not what is measured.
TABLE = [random.expovariate(1.0) for _ in range(8192)]
position = 0


def exponential(mean):
    global position
    position += 1
    return TABLE[position & 8191] * mean


def peak_bytes():
    """Peak resident memory; 0 where the system does not tell. (getrusage's figure begins with the parent's.)"""
    try:
        with open('/proc/self/status') as status:
            return next(int(line.split()[1]) * 1024 for line in status if line.startswith('VmHWM:'))
    except OSError:
        return 0


def measured(run):
    began, cpu_began = time.perf_counter(), time.process_time()
    run()
    return {'seconds': time.perf_counter() - began, 'cpuSeconds': time.process_time() - cpu_began}


def hold(pending, events):
    env = simpy.Environment()
    before = peak_bytes()
    enough = env.event()
    done = 0

    def process():
        nonlocal done
        while True:
            yield env.timeout(exponential(1.0))
            done += 1
            if done == events:
                enough.succeed()

    for _ in range(pending):
        env.process(process())
    env.run(until=1e-9)  # the processes start here, before the timed part
    times = measured(lambda: env.run(until=enough))
    return {'work': events, **times, 'bytes': peak_bytes() - before}


class Server:
    __slots__ = ('active', 'inactive', 'weight', 'connections')

    def __init__(self, weight):
        self.active = self.inactive = self.connections = 0
        self.weight = weight


def least_loaded(servers):
    best = servers[0]
    least = best.active * 256 + best.inactive
    for server in servers:
        load = server.active * 256 + server.inactive
        if least * server.weight > load * best.weight:
            best = server
            least = load
    return best


def connections(total):
    env = simpy.Environment()
    before = peak_bytes()
    servers = [Server(1 + (i & 3)) for i in range(16)]
    per_client = [0] * 1000
    live = peak_live = 0

    def connection():
        nonlocal live, peak_live
        client = random.randrange(1000)
        server = least_loaded(servers)
        per_client[client] += 1
        server.inactive += 1
        server.connections += 1
        live += 1
        if live > peak_live:
            peak_live = live
        yield env.timeout(0.02 + 0.06 * random.random())
        server.inactive -= 1
        server.active += 1
        yield env.timeout(exponential(20.0)) | env.timeout(900)  # FIN, or the connection's timer
        server.active -= 1
        server.inactive += 1
        yield env.timeout(120)
        server.inactive -= 1
        per_client[client] -= 1
        live -= 1

    def arrivals():
        for _ in range(total):
            yield env.timeout(exponential(0.001))
            env.process(connection())

    env.process(arrivals())
    times = measured(env.run)
    return {
        'work': total,
        **times,
        'bytes': peak_bytes() - before,
        'peakLive': peak_live,
        'byServer': [server.connections for server in servers],
    }


class Link:
    """Busy until the packet before has left."""

    __slots__ = ('busy_until', 'bits_per_second', 'delay')

    def __init__(self, bits_per_second, delay):
        self.busy_until = 0.0
        self.bits_per_second = bits_per_second
        self.delay = delay

    def travel(self, now, length):
        self.busy_until = max(self.busy_until, now) + length * 8 / self.bits_per_second
        return self.busy_until + self.delay - now


class Packet:
    __slots__ = ('client', 'port', 'kind', 'length', 'received', 'server')

    def __init__(self, client, port, kind, length, received):
        self.client = client
        self.port = port
        self.kind = kind
        self.length = length
        self.received = received
        self.server = None


SEGMENTS = 10
SYN_RECV, ESTABLISHED, FIN_WAIT = 0, 1, 2


class Entry:
    __slots__ = ('server', 'state', 'expires')

    def __init__(self, server, expires):
        self.server = server
        self.state = SYN_RECV
        self.expires = expires


def packets(total):
    """Every packet of a connection as a process that goes hop by hop."""
    env = simpy.Environment()
    before = peak_bytes()
    servers = [Server(1 + (i & 3)) for i in range(16)]
    index = {server: i for i, server in enumerate(servers)}
    to_router, to_director, to_clients = Link(1e10, 0.02), Link(1e9, 1e-4), Link(1e10, 0.02)
    to_server = [Link(1e9, 1e-4) for _ in servers]
    from_server = [Link(1e9, 1e-4) for _ in servers]
    ports = [1024] * 1000
    table = {}
    hops = peak_live = 0

    def expiry(key, entry):
        while entry.expires > env.now:
            yield env.timeout(entry.expires - env.now)
        entry.server.inactive -= 1
        del table[key]

    def director(packet):
        nonlocal peak_live
        key = (packet.client, packet.port)
        entry = table.get(key)
        if entry is None:
            entry = table[key] = Entry(least_loaded(servers), env.now + 60)
            entry.server.active += 1  # half open counts as active, as in IPVS
            entry.server.connections += 1
            peak_live = max(peak_live, len(table))
            env.process(expiry(key, entry))
        if packet.kind == 'ACK' and entry.state == SYN_RECV:
            entry.state = ESTABLISHED
        elif packet.kind == 'FIN' and entry.state == ESTABLISHED:
            entry.state = FIN_WAIT
            entry.server.active -= 1
            entry.server.inactive += 1
        entry.expires = env.now + (60, 900, 120)[entry.state]
        packet.server = index[entry.server]

    def up(packet):
        nonlocal hops
        hops += 3
        yield env.timeout(to_router.travel(env.now, packet.length))
        yield env.timeout(to_director.travel(env.now, packet.length))
        director(packet)
        yield env.timeout(to_server[packet.server].travel(env.now, packet.length))
        if packet.kind == 'REQUEST':
            yield env.timeout(exponential(2.0))
            for _ in range(SEGMENTS):
                env.process(down(packet, 'DATA', 1500))
        elif packet.kind == 'SYN':
            env.process(down(packet, 'SYN-ACK', 40))
        elif packet.kind == 'FIN':
            env.process(down(packet, 'FIN-ACK', 40))

    def down(cause, kind, length):
        nonlocal hops
        hops += 2
        yield env.timeout(from_server[cause.server].travel(env.now, length))
        yield env.timeout(to_clients.travel(env.now, length))
        received = cause.received

        def send(kind, length):
            env.process(up(Packet(cause.client, cause.port, kind, length, received)))

        if kind == 'SYN-ACK':
            send('ACK', 40)
            send('REQUEST', 290)
        elif kind == 'DATA':
            received[0] += 1
            if received[0] % 2 == 0:
                send('DATA-ACK', 40)
            if received[0] == SEGMENTS:
                send('FIN', 40)
        else:
            send('LAST-ACK', 40)

    def arrivals():
        for _ in range(total):
            yield env.timeout(exponential(0.001))
            client = random.randrange(1000)
            port = ports[client]
            ports[client] = 1024 if port == 65535 else port + 1
            env.process(up(Packet(client, port, 'SYN', 40, [0])))

    env.process(arrivals())
    times = measured(env.run)
    return {
        'work': total,
        **times,
        'bytes': peak_bytes() - before,
        'peakLive': peak_live,
        'hops': hops,
        'byServer': [server.connections for server in servers],
    }


WORK = {'hold': hold, 'connections': connections, 'packets': packets}

if __name__ == '__main__':
    name, *sizes = sys.argv[1:]
    print(json.dumps(WORK[name](*(int(size) for size in sizes))))
