// The same work as plain ns-3 events, with its fastest scheduler for them: the priority queue (the map, its default,
// the heap and the calendar are slower here at every size).
// usage: ns3_workloads hold PENDING EVENTS | ns3_workloads connections TOTAL | ns3_workloads packets TOTAL
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <string>
#include <unordered_map>

#include "ns3/core-module.h"

using namespace ns3;

namespace {

uint32_t total = 0;
uint32_t done = 0;

// Exponential variates of mean 1 from a table, as in all contestants: log() is not what is measured.
double table[8192];
uint32_t position = 0;
double exponential(double mean) { return table[position++ & 8191] * mean; }

Ptr<UniformRandomVariable> uniform;

// Peak resident memory; 0 where the system does not tell. (getrusage's figure begins with the parent's.)
long peakBytes() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.rfind("VmHWM:", 0) == 0) return std::stol(line.substr(6)) * 1024;
  }
  return 0;
}

void hold(uint32_t id) {
  if (++done == total) {
    Simulator::Stop();
    return;
  }
  Simulator::Schedule(Seconds(exponential(1)), &hold, id);
}

struct Server {
  int active = 0;
  int inactive = 0;
  int weight = 1;
  uint32_t connections = 0;
};

constexpr uint32_t SERVERS = 16;
constexpr uint32_t CLIENTS = 1000;
Server servers[SERVERS];
uint32_t perClient[CLIENTS];
uint32_t made = 0;
uint32_t live = 0;
uint32_t peakLive = 0;

uint32_t leastLoaded() {
  uint32_t best = 0;
  double least = servers[0].active * 256.0 + servers[0].inactive;
  for (uint32_t i = 1; i < SERVERS; i++) {
    const double load = servers[i].active * 256.0 + servers[i].inactive;
    if (least * servers[i].weight > load * servers[best].weight) {
      best = i;
      least = load;
    }
  }
  return best;
}

struct Connection : public SimpleRefCount<Connection> {
  uint32_t server;
  uint32_t client;
  EventId timer;

  void Establish() {
    servers[server].inactive--;
    servers[server].active++;
    timer = Simulator::Schedule(Seconds(900), &Connection::Expire, Ptr<Connection>(this));
    Simulator::Schedule(Seconds(exponential(20)), &Connection::Finish, Ptr<Connection>(this));
  }
  void Finish() {
    servers[server].active--;
    servers[server].inactive++;
    Simulator::Cancel(timer);
    timer = Simulator::Schedule(Seconds(120), &Connection::Expire, Ptr<Connection>(this));
  }
  void Expire() {
    servers[server].inactive--;
    perClient[client]--;
    live--;
  }
};

void arrive() {
  Ptr<Connection> connection = Create<Connection>();
  connection->client = uniform->GetInteger(0, CLIENTS - 1);
  connection->server = leastLoaded();
  perClient[connection->client]++;
  servers[connection->server].inactive++;
  servers[connection->server].connections++;
  if (++live > peakLive) peakLive = live;
  const double established = 0.02 + 0.06 * uniform->GetValue(0, 1);
  Simulator::Schedule(Seconds(established), &Connection::Establish, connection);
  if (++made < total) Simulator::Schedule(Seconds(exponential(0.001)), &arrive);
}

// W3: every packet of a connection as an event a hop, over links that are busy until the packet before has left.
enum Kind { SYN, SYN_ACK, ACK, REQUEST, DATA, DATA_ACK, FIN, FIN_ACK, LAST_ACK };
constexpr uint32_t SEGMENTS = 10;
constexpr double LAN = 1e9, CORE = 1e10, LAN_DELAY = 1e-4, CORE_DELAY = 0.02;

struct Packet : public SimpleRefCount<Packet> {
  uint32_t client;
  uint32_t port;
  uint32_t server;
  Kind kind;
  uint32_t length;
  /** Segments of the reply that the client has got. */
  uint32_t *received;
};

struct Entry {
  uint32_t server;
  int state;
  double expires;
  uint64_t key;
};

std::unordered_map<uint64_t, Entry *> table_;
double toRouter, toDirector, toClients, toServer[SERVERS], fromServer[SERVERS];
uint16_t nextPort[CLIENTS];
uint64_t hops = 0;

double now() { return Simulator::Now().GetSeconds(); }

Time travel(double &busyUntil, double bitsPerSecond, double delay, uint32_t length) {
  hops++;
  const double at = now();
  busyUntil = (busyUntil > at ? busyUntil : at) + length * 8 / bitsPerSecond;
  return Seconds(busyUntil + delay - at);
}

void atRouterUp(Ptr<Packet> packet);
void atDirector(Ptr<Packet> packet);
void atServer(Ptr<Packet> packet);
void atRouterDown(Ptr<Packet> packet);
void atClient(Ptr<Packet> packet);

void clientSends(uint32_t client, uint32_t port, uint32_t *received, Kind kind, uint32_t length) {
  Ptr<Packet> packet = Create<Packet>();
  packet->client = client;
  packet->port = port;
  packet->kind = kind;
  packet->length = length;
  packet->received = received;
  Simulator::Schedule(travel(toRouter, CORE, CORE_DELAY, length), &atRouterUp, packet);
}

void serverSends(Ptr<Packet> cause, Kind kind, uint32_t length) {
  Ptr<Packet> packet = Create<Packet>();
  packet->client = cause->client;
  packet->port = cause->port;
  packet->server = cause->server;
  packet->kind = kind;
  packet->length = length;
  packet->received = cause->received;
  Simulator::Schedule(travel(fromServer[cause->server], LAN, LAN_DELAY, length), &atRouterDown, packet);
}

void atRouterUp(Ptr<Packet> packet) {
  Simulator::Schedule(travel(toDirector, LAN, LAN_DELAY, packet->length), &atDirector, packet);
}

void entryExpires(Entry *entry) {
  if (entry->expires > now() + 1e-9) {
    Simulator::Schedule(Seconds(entry->expires - now()), &entryExpires, entry);
    return;
  }
  servers[entry->server].inactive--;
  live--;
  table_.erase(entry->key);
  delete entry;
}

void atDirector(Ptr<Packet> packet) {
  const uint64_t key = static_cast<uint64_t>(packet->client) << 16 | packet->port;
  const auto found = table_.find(key);
  Entry *entry;
  if (found == table_.end()) {
    entry = new Entry{leastLoaded(), 0, 0, key};
    table_[key] = entry;
    servers[entry->server].active++;  // half open counts as active, as in IPVS
    servers[entry->server].connections++;
    if (++live > peakLive) peakLive = live;
    Simulator::Schedule(Seconds(60), &entryExpires, entry);
  } else {
    entry = found->second;
  }
  Server &server = servers[entry->server];
  if (packet->kind == ACK && entry->state == 0) {
    entry->state = 1;
  } else if (packet->kind == FIN && entry->state == 1) {
    entry->state = 2;
    server.active--;
    server.inactive++;
  }
  entry->expires = now() + (entry->state == 0 ? 60 : entry->state == 1 ? 900 : 120);
  packet->server = entry->server;
  Simulator::Schedule(travel(toServer[entry->server], LAN, LAN_DELAY, packet->length), &atServer, packet);
}

void reply(Ptr<Packet> request) {
  for (uint32_t i = 0; i < SEGMENTS; i++) serverSends(request, DATA, 1500);
}

void atServer(Ptr<Packet> packet) {
  if (packet->kind == REQUEST) Simulator::Schedule(Seconds(exponential(2)), &reply, packet);
  else if (packet->kind == SYN) serverSends(packet, SYN_ACK, 40);
  else if (packet->kind == FIN) serverSends(packet, FIN_ACK, 40);
}

void atRouterDown(Ptr<Packet> packet) {
  Simulator::Schedule(travel(toClients, CORE, CORE_DELAY, packet->length), &atClient, packet);
}

void atClient(Ptr<Packet> packet) {
  const auto send = [&](Kind kind, uint32_t length) {
    clientSends(packet->client, packet->port, packet->received, kind, length);
  };
  if (packet->kind == SYN_ACK) {
    send(ACK, 40);
    send(REQUEST, 290);
  } else if (packet->kind == DATA) {
    const uint32_t received = ++*packet->received;
    if (received % 2 == 0) send(DATA_ACK, 40);
    if (received == SEGMENTS) send(FIN, 40);
  } else {
    send(LAST_ACK, 40);
    done++;
  }
}

void openConnection() {
  const uint32_t client = uniform->GetInteger(0, CLIENTS - 1);
  const uint32_t port = nextPort[client];
  nextPort[client] = port == 65535 ? 1024 : port + 1;
  clientSends(client, port, new uint32_t(0), SYN, 40);
  if (++made < total) Simulator::Schedule(Seconds(exponential(0.001)), &openConnection);
}

}  // namespace

int main(int argc, char **argv) {
  const std::string work = argc > 1 ? argv[1] : "";
  const bool holds = work == "hold" && argc == 4;
  if (!holds && !((work == "connections" || work == "packets") && argc == 3)) {
    std::fprintf(stderr, "usage: ns3_workloads hold PENDING EVENTS | (connections | packets) TOTAL\n");
    return 2;
  }
  uniform = CreateObject<UniformRandomVariable>();
  Ptr<ExponentialRandomVariable> draws = CreateObject<ExponentialRandomVariable>();
  for (double &value : table) value = draws->GetValue(1, 0);
  for (uint32_t i = 0; i < SERVERS; i++) servers[i].weight = 1 + (i & 3);
  ObjectFactory scheduler;
  scheduler.SetTypeId("ns3::PriorityQueueScheduler");
  Simulator::SetScheduler(scheduler);

  const long before = peakBytes();
  if (holds) {
    total = std::atoi(argv[3]);
    const uint32_t pending = std::atoi(argv[2]);
    for (uint32_t i = 0; i < pending; i++) Simulator::Schedule(Seconds(exponential(1)), &hold, i);
  } else {
    total = std::atoi(argv[2]);
    for (uint16_t &port : nextPort) port = 1024;
    Simulator::Schedule(Seconds(exponential(0.001)), work == "packets" ? &openConnection : &arrive);
  }
  const auto began = std::chrono::steady_clock::now();
  const std::clock_t cpuBegan = std::clock();
  Simulator::Run();
  const double cpu = static_cast<double>(std::clock() - cpuBegan) / CLOCKS_PER_SEC;
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;

  std::printf("{\"work\":%u,\"seconds\":%.6f,\"cpuSeconds\":%.6f,\"bytes\":%ld", total, took.count(), cpu,
              peakBytes() - before);
  if (!holds) {
    std::printf(",\"peakLive\":%u,\"byServer\":[", peakLive);
    for (uint32_t i = 0; i < SERVERS; i++) std::printf("%s%u", i == 0 ? "" : ",", servers[i].connections);
    std::printf("]");
  }
  if (hops > 0) std::printf(",\"hops\":%lu", static_cast<unsigned long>(hops));
  std::printf("}\n");
}
