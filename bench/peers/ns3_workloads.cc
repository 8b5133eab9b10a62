// The same work as plain ns-3 events, with its fastest scheduler for them: the priority queue (the map, its default,
// the heap and the calendar are slower here at every size).
// usage: ns3_workloads hold PENDING EVENTS | ns3_workloads connections TOTAL
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <string>

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

}  // namespace

int main(int argc, char **argv) {
  const std::string work = argc > 1 ? argv[1] : "";
  const bool holds = work == "hold" && argc == 4;
  if (!holds && !(work == "connections" && argc == 3)) {
    std::fprintf(stderr, "usage: ns3_workloads hold PENDING EVENTS | ns3_workloads connections TOTAL\n");
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
    Simulator::Schedule(Seconds(exponential(0.001)), &arrive);
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
  std::printf("}\n");
}
