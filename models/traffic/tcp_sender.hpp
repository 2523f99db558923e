// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "models/traffic/traffic.hpp"

namespace models {

/// What a sender puts on the wire next.
struct SendDecision {
  std::int64_t seq = 0;
  std::int32_t len = 0;
  bool fin = false;
  bool rst = false;
  bool retransmission = false;
};

/// One TCP sender: windows, retransmission, FIN. Knows no wire.
///
/// It sends while snd_nxt is within both the advertised window and a congestion window that starts
/// at initial_window_segments and grows by what is acknowledged (slow start without end). Three
/// duplicate ACKs send the first hole again, and each partial ACK the next one (NewReno); a timeout
/// goes back to the first unacknowledged byte and to the initial window, and doubles the next
/// timeout (at most 64 s). Beyond that there is no congestion control: the wire has no queue that
/// could overflow.
///
/// A segment that the window cuts short is sent only when it is at least half of the largest window
/// seen; a closed window is probed with one byte after the timeout (persist).
class TcpSender : public Peer {
 public:
  struct Options {
    std::int32_t mss = 1448;
    std::int64_t initial_window = std::int64_t{4} * 1448;
    sim::Picoseconds rto_ps = 230 * sim::kMillisecond;
    sim::Picoseconds one_way_ps = 0;          ///< of ACKs, to the sender
    std::optional<std::int64_t> total_bytes;  ///< a FIN follows
  };

  /// `ready` is called when there may be something to send.
  TcpSender(const Options& options, sim::Hardware& hw, TrafficStats& stats,
            std::function<void()> ready);

  void connected(std::int64_t window) override { edge_ = max_window_ = window; }
  void ack_leaves(const Ack& ack) override;

  void start() { started_ = true; }
  /// No new data from now on.
  void stop();
  /// FIN after what was sent, or RST at once.
  void close(bool rst);

  /// What to send now, if anything; does not change the sender.
  std::optional<SendDecision> next() const;
  /// The decision of next() goes on the wire at this date.
  void sent(const SendDecision& decision);
  /// Nothing can be sent now: probes a closed window when nothing else will end the wait.
  void idle();

  sim::Picoseconds ts_echo() const { return last_echo_; }
  std::int64_t unacknowledged() const { return snd_nxt_ - snd_una_; }

 private:
  static constexpr sim::Picoseconds kNever = -1;

  void ack_arrives();
  void process(const Ack& ack);
  void advance(std::int64_t ack);
  void duplicate();
  bool outstanding() const { return snd_max_ > snd_una_ || (fin_sent_ && !fin_acked_); }
  std::int64_t available() const;
  void set_deadline();
  void arm(sim::Picoseconds date);
  void timer_fires();

  Options options_;
  sim::Hardware* hw_;
  TrafficStats* stats_;
  std::function<void()> ready_;
  std::deque<Ack> acks_;  ///< on their way

  bool started_ = false;
  bool dead_ = false;  ///< reset by either side
  bool rst_pending_ = false;
  std::int64_t snd_una_ = 0;
  std::int64_t snd_nxt_ = 0;
  std::int64_t snd_max_ = 0;
  std::int64_t edge_ = 0;  ///< right edge of the advertised window
  std::int64_t max_window_ = 0;
  std::int64_t cwnd_;
  std::optional<std::int64_t> end_;  ///< end of the data, once known
  bool fin_wanted_ = false;
  bool fin_sent_ = false;
  bool fin_acked_ = false;
  int dupacks_ = 0;
  std::int64_t recover_ = -1;      ///< recovery lasts until this is acknowledged; -1: none
  bool timeout_recovery_ = false;  ///< it goes back instead of filling single holes
  bool resend_ = false;            ///< the first unacknowledged segment is due again
  bool probe_ = false;
  sim::Picoseconds last_echo_ = -1;
  sim::Picoseconds deadline_ = kNever;
  sim::TimerId timer_ = 0;
  int backoff_ = 0;
};

/// The senders of all connections on one wire: they take turns, frame by frame.
class TcpSenders : public TrafficSource {
 public:
  TcpSenders(const Traffic& traffic, const Nic& nic, int sockets, sim::Hardware& hw,
             FrameSink& sink, sim::Stream stream);

  void start() override;
  Peer& peer(int socket) override { return *senders_.at(static_cast<std::size_t>(socket)); }
  void inject(int socket, bool rst) override;
  const TcpSender& sender(int socket) const {
    return *senders_.at(static_cast<std::size_t>(socket));
  }

 private:
  void kick();
  void wire_free();
  void frame_arrives();

  Wire wire_;
  sim::Hardware* hw_;
  FrameSink* sink_;
  sim::Picoseconds one_way_ps_;
  std::vector<sim::Picoseconds> starts_;
  std::optional<sim::Picoseconds> stop_at_;
  std::vector<std::unique_ptr<TcpSender>> senders_;
  std::deque<Frame> in_flight_;
  sim::Picoseconds free_at_ = 0;
  bool pending_ = false;  ///< wire_free is scheduled
  std::size_t turn_ = 0;
};

}  // namespace models
