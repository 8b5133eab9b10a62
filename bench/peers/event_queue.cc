// The hold model and the connection-level load on std::priority_queue: what a plain C++ simulation takes.
// usage: event_queue hold PENDING EVENTS | event_queue connections TOTAL
#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <queue>
#include <string>
#include <vector>

namespace {

struct Event {
  double time;  // seconds
  uint32_t sequence;
  uint32_t payload;
};

// first in, first out among events of one instant
struct Later {
  bool operator()(const Event &a, const Event &b) const {
    return b.time < a.time || (b.time == a.time && b.sequence < a.sequence);
  }
};

class Queue {
 public:
  uint32_t push(double time, uint32_t payload) {
    events_.push({time, sequence_, payload});
    return sequence_++;
  }
  Event pop() {
    const Event first = events_.top();
    events_.pop();
    return first;
  }
  bool empty() const { return events_.empty(); }

 private:
  std::priority_queue<Event, std::vector<Event>, Later> events_;
  uint32_t sequence_ = 0;
};

class Random {
 public:
  explicit Random(uint32_t seed) : state_(seed) {}
  uint32_t next() {
    uint32_t z = (state_ += 0x6D2B79F5u);
    z = (z ^ (z >> 15)) * (z | 1u);
    z ^= z + (z ^ (z >> 7)) * (z | 61u);
    return z ^ (z >> 14);
  }
  double uniform() { return (next() + 0.5) / 4294967296.0; }

 private:
  uint32_t state_;
};

// Exponential variates of mean 1 from a table, as in all contestants: log() is not what is measured.
class Exponential {
 public:
  Exponential() {
    Random random(12345);
    for (double &value : table_) value = -std::log(random.uniform());
  }
  double next() { return table_[position_++ & 8191]; }

 private:
  std::array<double, 8192> table_;
  uint32_t position_ = 0;
};

double seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

double cpuSeconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

// Peak resident memory; 0 where the system does not tell. (getrusage's figure begins with the parent's.)
long peakBytes() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.rfind("VmHWM:", 0) == 0) return std::stol(line.substr(6)) * 1024;
  }
  return 0;
}

void hold(uint32_t pending, uint32_t events) {
  Exponential exponential;
  Queue queue;
  const long before = peakBytes();
  for (uint32_t i = 0; i < pending; i++) queue.push(exponential.next() + i * 1e-9, i);
  const double began = seconds();
  const double cpuBegan = cpuSeconds();
  double now = 0;
  for (uint32_t i = 0; i < events; i++) {
    const Event event = queue.pop();
    now = event.time;
    queue.push(now + exponential.next(), event.payload);
  }
  const double took = seconds() - began;
  const double cpu = cpuSeconds() - cpuBegan;
  std::printf("{\"work\":%u,\"seconds\":%.6f,\"cpuSeconds\":%.6f,\"bytes\":%ld,\"end\":%.6f}\n", events, took,
              cpu, peakBytes() - before, now);
}

constexpr uint32_t SERVERS = 16;
constexpr uint32_t CLIENTS = 1000;
constexpr uint32_t NO_TIMER = 0xffffffffu;

enum Kind : uint32_t { ARRIVAL, ESTABLISHED, FIN, TIMEOUT };
constexpr uint32_t KIND_SHIFT = 29;
constexpr uint32_t INDEX_MASK = (1u << KIND_SHIFT) - 1;

struct Server {
  int active = 0;
  int inactive = 0;
  int weight = 1;
  uint32_t connections = 0;
};

struct Connection {
  uint32_t server;
  uint32_t client;
  uint32_t timer;  // the sequence of the timeout that counts; older ones in the queue are dead
};

class Cluster {
 public:
  explicit Cluster(uint32_t total) : total_(total) {
    for (uint32_t i = 0; i < SERVERS; i++) servers_[i].weight = 1 + (i & 3);
  }

  void run() {
    queue_.push(exponential_.next() * 0.001, ARRIVAL << KIND_SHIFT);
    while (!queue_.empty()) {
      const Event event = queue_.pop();
      now_ = event.time;
      const uint32_t index = event.payload & INDEX_MASK;
      switch (event.payload >> KIND_SHIFT) {
        case ARRIVAL: arrive(); break;
        case ESTABLISHED: establish(index); break;
        case FIN: finish(index); break;
        default: expire(index, event.sequence);
      }
    }
  }

  uint32_t peakLive() const { return peakLive_; }
  const std::array<Server, SERVERS> &servers() const { return servers_; }

 private:
  uint32_t leastLoaded() const {
    uint32_t best = 0;
    double least = servers_[0].active * 256.0 + servers_[0].inactive;
    for (uint32_t i = 1; i < SERVERS; i++) {
      const double load = servers_[i].active * 256.0 + servers_[i].inactive;
      if (least * servers_[i].weight > load * servers_[best].weight) {
        best = i;
        least = load;
      }
    }
    return best;
  }

  uint32_t take() {
    if (free_.empty()) {
      connections_.push_back({});
      return static_cast<uint32_t>(connections_.size() - 1);
    }
    const uint32_t index = free_.back();
    free_.pop_back();
    return index;
  }

  void arrive() {
    const uint32_t index = take();
    const uint32_t client = random_.next() % CLIENTS;
    const uint32_t server = leastLoaded();
    connections_[index] = {server, client, NO_TIMER};
    perClient_[client]++;
    servers_[server].inactive++;
    servers_[server].connections++;
    if (++live_ > peakLive_) peakLive_ = live_;
    queue_.push(now_ + 0.02 + 0.06 * random_.uniform(), ESTABLISHED << KIND_SHIFT | index);
    if (++made_ < total_) queue_.push(now_ + exponential_.next() * 0.001, ARRIVAL << KIND_SHIFT);
  }

  void establish(uint32_t index) {
    Connection &connection = connections_[index];
    servers_[connection.server].inactive--;
    servers_[connection.server].active++;
    connection.timer = queue_.push(now_ + 900, TIMEOUT << KIND_SHIFT | index);
    queue_.push(now_ + exponential_.next() * 20, FIN << KIND_SHIFT | index);
  }

  void finish(uint32_t index) {
    Connection &connection = connections_[index];
    servers_[connection.server].active--;
    servers_[connection.server].inactive++;
    connection.timer = queue_.push(now_ + 120, TIMEOUT << KIND_SHIFT | index);
  }

  void expire(uint32_t index, uint32_t sequence) {
    Connection &connection = connections_[index];
    if (connection.timer != sequence) return;
    servers_[connection.server].inactive--;
    perClient_[connection.client]--;
    connection.timer = NO_TIMER;
    live_--;
    free_.push_back(index);
  }

  const uint32_t total_;
  Queue queue_;
  Random random_{777};
  Exponential exponential_;
  std::array<Server, SERVERS> servers_;
  std::array<uint32_t, CLIENTS> perClient_{};
  std::vector<Connection> connections_;
  std::vector<uint32_t> free_;
  double now_ = 0;
  uint32_t made_ = 0;
  uint32_t live_ = 0;
  uint32_t peakLive_ = 0;
};

void connections(uint32_t total) {
  Cluster cluster(total);
  const long before = peakBytes();
  const double began = seconds();
  const double cpuBegan = cpuSeconds();
  cluster.run();
  const double took = seconds() - began;
  const double cpu = cpuSeconds() - cpuBegan;
  std::printf("{\"work\":%u,\"seconds\":%.6f,\"cpuSeconds\":%.6f,\"bytes\":%ld,\"peakLive\":%u,", total, took, cpu,
              peakBytes() - before, cluster.peakLive());
  std::printf("\"byServer\":[");
  const char *comma = "";
  for (const Server &server : cluster.servers()) {
    std::printf("%s%u", comma, server.connections);
    comma = ",";
  }
  std::printf("]}\n");
}

}  // namespace

int main(int argc, char **argv) {
  const std::string work = argc > 1 ? argv[1] : "";
  if (work == "hold" && argc == 4) {
    hold(std::atoi(argv[2]), std::atoi(argv[3]));
  } else if (work == "connections" && argc == 3) {
    connections(std::atoi(argv[2]));
  } else {
    std::fprintf(stderr, "usage: event_queue hold PENDING EVENTS | event_queue connections TOTAL\n");
    return 2;
  }
}
