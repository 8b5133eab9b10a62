"""The same work in SimPy, a process a pending event or connection, as its manual would have it.

usage: simpy_workloads.py hold PENDING EVENTS | simpy_workloads.py connections TOTAL
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


WORK = {'hold': hold, 'connections': connections}

if __name__ == '__main__':
    name, *sizes = sys.argv[1:]
    print(json.dumps(WORK[name](*(int(size) for size in sizes))))
