// The same conversations between ns-3's real TCP endpoints: 20 clients, router, a plain IP hop in the director's place
// (ns-3 has no LVS), 16 servers, point-to-point links; 250 bytes of request, think time exp(2 s), ten segments of
// reply, and the client closes.
// usage: ns3_tcp CONNECTIONS
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <map>

#include "ns3/core-module.h"
#include "ns3/internet-module.h"
#include "ns3/network-module.h"
#include "ns3/point-to-point-module.h"

using namespace ns3;

namespace {

constexpr uint32_t SERVERS = 16, CLIENTS = 20, REQUEST_BYTES = 250, REPLY_BYTES = 14600;

struct Server {
  int active = 0;
  int inactive = 0;
  int weight = 1;
  uint32_t connections = 0;
  Ipv4Address address;
};

struct Conversation {
  uint32_t received = 0;
  uint32_t server = 0;
};

Server servers[SERVERS];
NodeContainer clients;
std::map<Ptr<Socket>, Conversation> conversations;
uint32_t total = 0, made = 0, done = 0;
uint64_t hops = 0;
Ptr<ExponentialRandomVariable> exponential;
Ptr<UniformRandomVariable> uniform;

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

void forget(uint32_t server) { servers[server].inactive--; }
void connected(Ptr<Socket> socket) { socket->Send(Create<Packet>(REQUEST_BYTES)); }
void failed(Ptr<Socket>) {}

void clientReceives(Ptr<Socket> socket) {
  Conversation &conversation = conversations[socket];
  for (Ptr<Packet> packet; (packet = socket->Recv()) && packet->GetSize() > 0;) {
    conversation.received += packet->GetSize();
  }
  if (conversation.received < REPLY_BYTES) return;
  const uint32_t server = conversation.server;
  socket->Close();
  conversations.erase(socket);
  done++;
  servers[server].active--;
  servers[server].inactive++;
  Simulator::Schedule(Seconds(120), &forget, server);
}

void reply(Ptr<Socket> socket) { socket->Send(Create<Packet>(REPLY_BYTES)); }

void serverReceives(Ptr<Socket> socket) {
  for (Ptr<Packet> packet; (packet = socket->Recv()) && packet->GetSize() > 0;) {
    Simulator::Schedule(Seconds(exponential->GetValue(2, 0)), &reply, socket);
  }
}

void peerClosed(Ptr<Socket> socket) { socket->Close(); }

void accepted(Ptr<Socket> socket, const Address &) {
  socket->SetRecvCallback(MakeCallback(&serverReceives));
  socket->SetCloseCallbacks(MakeCallback(&peerClosed), MakeCallback(&failed));
}

void arrive() {
  const uint32_t server = leastLoaded();
  servers[server].active++;
  servers[server].connections++;
  Ptr<Node> client = clients.Get(uniform->GetInteger(0, CLIENTS - 1));
  Ptr<Socket> socket = Socket::CreateSocket(client, TcpSocketFactory::GetTypeId());
  conversations[socket].server = server;
  socket->SetConnectCallback(MakeCallback(&connected), MakeCallback(&failed));
  socket->SetRecvCallback(MakeCallback(&clientReceives));
  socket->Connect(InetSocketAddress(servers[server].address, 80));
  if (++made < total) Simulator::Schedule(Seconds(exponential->GetValue(0.001, 0)), &arrive);
}

void transmitted(Ptr<const Packet>) { hops++; }

NodeContainer buildNetwork() {
  NodeContainer middle;
  NodeContainer backends;
  clients.Create(CLIENTS);
  middle.Create(2);
  backends.Create(SERVERS);
  InternetStackHelper stack;
  stack.Install(clients);
  stack.Install(middle);
  stack.Install(backends);
  Ipv4AddressHelper addresses;
  PointToPointHelper wire;
  addresses.SetBase("10.1.0.0", "255.255.255.0");
  wire.SetDeviceAttribute("DataRate", StringValue("1Gbps"));
  wire.SetChannelAttribute("Delay", StringValue("20ms"));
  for (uint32_t i = 0; i < CLIENTS; i++) {
    addresses.Assign(wire.Install(clients.Get(i), middle.Get(0)));
    addresses.NewNetwork();
  }
  wire.SetDeviceAttribute("DataRate", StringValue("10Gbps"));
  wire.SetChannelAttribute("Delay", StringValue("100us"));
  addresses.Assign(wire.Install(middle));
  addresses.NewNetwork();
  for (uint32_t i = 0; i < SERVERS; i++) {
    servers[i].weight = 1 + (i & 3);
    servers[i].address = addresses.Assign(wire.Install(middle.Get(1), backends.Get(i))).GetAddress(1);
    addresses.NewNetwork();
  }
  Ipv4GlobalRoutingHelper::PopulateRoutingTables();
  return backends;
}

}  // namespace

int main(int argc, char **argv) {
  total = argc == 2 ? std::atoi(argv[1]) : 0;
  if (total == 0) {
    std::fprintf(stderr, "usage: ns3_tcp CONNECTIONS\n");
    return 2;
  }
  exponential = CreateObject<ExponentialRandomVariable>();
  uniform = CreateObject<UniformRandomVariable>();
  Config::SetDefault("ns3::TcpSocket::SegmentSize", UintegerValue(1460));
  Config::SetDefault("ns3::TcpSocket::InitialCwnd", UintegerValue(10));
  Config::SetDefault("ns3::TcpSocketBase::Timestamp", BooleanValue(true));
  const NodeContainer backends = buildNetwork();
  for (uint32_t i = 0; i < SERVERS; i++) {
    Ptr<Socket> listener = Socket::CreateSocket(backends.Get(i), TcpSocketFactory::GetTypeId());
    listener->Bind(InetSocketAddress(Ipv4Address::GetAny(), 80));
    listener->Listen();
    listener->SetAcceptCallback(MakeNullCallback<bool, Ptr<Socket>, const Address &>(), MakeCallback(&accepted));
  }
  Config::ConnectWithoutContext("/NodeList/*/DeviceList/*/$ns3::PointToPointNetDevice/PhyTxEnd",
                                MakeCallback(&transmitted));
  Simulator::Schedule(Seconds(exponential->GetValue(0.001, 0)), &arrive);
  const auto began = std::chrono::steady_clock::now();
  const std::clock_t cpuBegan = std::clock();
  Simulator::Run();
  const double cpu = static_cast<double>(std::clock() - cpuBegan) / CLOCKS_PER_SEC;
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  if (done != total) {
    std::fprintf(stderr, "of %u connections %u were answered\n", total, done);
    return 1;
  }
  std::printf("{\"work\":%u,\"seconds\":%.6f,\"cpuSeconds\":%.6f,\"bytes\":0,\"hops\":%lu}\n", total, took.count(),
              cpu, static_cast<unsigned long>(hops));
}
