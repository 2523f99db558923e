// SPDX-License-Identifier: BSD-2-Clause
#include "models/traffic/tcp_sender.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace models {
namespace {

constexpr sim::Picoseconds kMaxTimeout = 64 * sim::kSecond;

}  // namespace

TcpSender::TcpSender(const Options& options, sim::Hardware& hw, TrafficStats& stats,
                     std::function<void()> ready)
    : options_(options),
      hw_(&hw),
      stats_(&stats),
      ready_(std::move(ready)),
      cwnd_(options.initial_window),
      end_(options.total_bytes),
      fin_wanted_(options.total_bytes.has_value()) {}

void TcpSender::ack_leaves(const Ack& ack) {
  ++stats_->acks_received;
  acks_.push_back(ack);
  hw_->at(ack.sent_at + options_.one_way_ps, [this] { ack_arrives(); });
}

void TcpSender::ack_arrives() {
  const Ack ack = acks_.front();
  acks_.pop_front();
  if (dead_) return;
  process(ack);
  ready_();
}

void TcpSender::process(const Ack& ack) {
  if (ack.rst) {
    dead_ = true;
    return;
  }
  last_echo_ = std::max(last_echo_, ack.sent_at);
  const bool fin_news = ack.fin_received && !fin_acked_;
  fin_acked_ = fin_acked_ || ack.fin_received;
  const std::int64_t edge = ack.ack + ack.window;
  max_window_ = std::max(max_window_, ack.window);
  if (ack.ack > snd_una_) {
    advance(ack.ack);
  } else if (edge <= edge_ && !fin_news && outstanding() && ack.ack == snd_una_) {
    duplicate();
  }
  edge_ = std::max(edge_, edge);
  if (!outstanding()) deadline_ = kNever;
}

void TcpSender::advance(std::int64_t ack) {
  cwnd_ += ack - snd_una_;
  snd_una_ = ack;
  snd_nxt_ = std::max(snd_nxt_, ack);
  snd_max_ = std::max(snd_max_, ack);
  dupacks_ = 0;
  backoff_ = 0;
  resend_ = false;
  if (recover_ >= 0) {
    if (snd_una_ >= recover_) {
      recover_ = -1;
      timeout_recovery_ = false;
    } else if (!timeout_recovery_) {
      resend_ = true;  // a partial ACK: the next hole
    }
  }
  set_deadline();
}

void TcpSender::duplicate() {
  ++dupacks_;
  if (dupacks_ != 3 || recover_ >= 0) return;
  recover_ = snd_max_;
  timeout_recovery_ = false;
  resend_ = true;
  ++stats_->fast_retransmits;
}

std::int64_t TcpSender::available() const {
  return end_ ? std::max<std::int64_t>(*end_ - snd_nxt_, 0)
              : std::numeric_limits<std::int64_t>::max() / 4;
}

std::optional<SendDecision> TcpSender::next() const {
  if (rst_pending_) return SendDecision{.seq = snd_nxt_, .rst = true};
  if (dead_ || !started_) return std::nullopt;
  if (resend_) {
    const std::int64_t len = std::min<std::int64_t>(options_.mss, snd_max_ - snd_una_);
    return SendDecision{.seq = snd_una_,
                        .len = static_cast<std::int32_t>(len),
                        .fin = fin_sent_ && snd_una_ + len == end_,
                        .retransmission = true};
  }
  const std::int64_t want = std::min<std::int64_t>(options_.mss, available());
  const std::int64_t room = std::min(edge_, snd_una_ + cwnd_) - snd_nxt_;
  std::int64_t len = std::max<std::int64_t>(std::min(want, room), 0);
  if (len < want && !probe_ && (len == 0 || 2 * len < max_window_)) return std::nullopt;
  if (probe_ && want > 0) len = std::max<std::int64_t>(len, 1);
  const bool fin = fin_wanted_ && !fin_sent_ && end_ && snd_nxt_ + len == *end_;
  if (len == 0 && !fin) return std::nullopt;
  return SendDecision{.seq = snd_nxt_,
                      .len = static_cast<std::int32_t>(len),
                      .fin = fin,
                      .retransmission = len > 0 && snd_nxt_ < snd_max_};
}

void TcpSender::sent(const SendDecision& decision) {
  if (decision.rst) {
    rst_pending_ = false;
    return;
  }
  if (decision.retransmission) ++stats_->retransmitted_frames;
  if (resend_) {
    resend_ = false;
    set_deadline();
    return;
  }
  probe_ = false;
  fin_sent_ = fin_sent_ || decision.fin;
  if (decision.seq + decision.len <=
      edge_) {  // else a probe of a closed window: not counted as sent
    snd_nxt_ = decision.seq + decision.len;
    snd_max_ = std::max(snd_max_, snd_nxt_);
  }
  if (deadline_ == kNever) set_deadline();
}

void TcpSender::idle() {
  if (dead_ || !started_ || outstanding() || available() == 0 || deadline_ != kNever) return;
  set_deadline();
}

void TcpSender::stop() {
  if (!end_ || *end_ > snd_max_) {
    end_ = snd_max_;
    fin_wanted_ = false;
  }
}

void TcpSender::close(bool rst) {
  if (dead_) return;
  if (rst) {
    dead_ = rst_pending_ = true;
  } else {
    end_ = snd_max_;
    fin_wanted_ = true;
  }
  ready_();
}

void TcpSender::set_deadline() {
  const int doublings = std::min(backoff_, 20);
  const sim::Picoseconds timeout = options_.rto_ps > (kMaxTimeout >> doublings)
                                       ? std::max(kMaxTimeout, options_.rto_ps)
                                       : options_.rto_ps << doublings;
  deadline_ = hw_->now() + timeout;
  if (timer_ == 0) arm(deadline_);
}

/// One timer stays armed and looks at the deadline when it fires; ACKs move the deadline only.
void TcpSender::arm(sim::Picoseconds date) {
  timer_ = hw_->at(date, [this] { timer_fires(); });
}

void TcpSender::timer_fires() {
  timer_ = 0;
  if (dead_ || deadline_ == kNever) return;
  if (hw_->now() < deadline_) {
    arm(deadline_);
    return;
  }
  deadline_ = kNever;
  ++backoff_;
  if (outstanding()) {
    ++stats_->timeouts;
    snd_nxt_ = snd_una_;
    recover_ = snd_max_;
    timeout_recovery_ = true;
    resend_ = false;
    fin_sent_ = false;
    dupacks_ = 0;
    cwnd_ = options_.initial_window;
  } else {
    probe_ = true;
  }
  ready_();
}

TcpSenders::TcpSenders(const Traffic& traffic, const Nic& nic, int sockets, sim::Hardware& hw,
                       FrameSink& sink, sim::Stream stream)
    : wire_{.link_gbps = traffic.link_gbps, .timestamps = nic.timestamps},
      hw_(&hw),
      sink_(&sink),
      one_way_ps_(sim::from_us(traffic.rtt_us / 2.0)) {
  TcpSender::Options options;
  options.mss = traffic.payload_bytes.value_or(nic.mss());
  options.initial_window = std::int64_t{traffic.initial_window_segments} * options.mss;
  options.rto_ps = sim::from_ms(traffic.rto_ms);
  options.one_way_ps = one_way_ps_;
  options.total_bytes = traffic.bytes;
  if (traffic.stop_us) stop_at_ = sim::from_us(*traffic.stop_us);
  const auto frame = static_cast<double>(wire_.frame_ps(options.mss));
  for (int i = 0; i < sockets; ++i) {
    senders_.push_back(std::make_unique<TcpSender>(options, hw, stats_, [this] { kick(); }));
    const double phase = traffic.randomise_phase ? stream.uniform(0.0, frame) : 0.0;
    starts_.push_back(sim::from_us(traffic.start_us) + sim::round_to_ps(phase));
  }
}

void TcpSenders::start() {
  for (std::size_t i = 0; i < senders_.size(); ++i) {
    hw_->at(starts_[i], [this, i] {
      senders_[i]->start();
      kick();
    });
  }
  if (!stop_at_) return;
  hw_->at(*stop_at_, [this] {
    for (const auto& sender : senders_) sender->stop();
  });
}

void TcpSenders::inject(int socket, bool rst) {
  senders_.at(static_cast<std::size_t>(socket))->close(rst);
}

void TcpSenders::kick() {
  if (pending_) return;
  pending_ = true;
  hw_->at(std::max(hw_->now(), free_at_), [this] { wire_free(); });
}

void TcpSenders::wire_free() {
  pending_ = false;
  for (std::size_t i = 0; i < senders_.size(); ++i) {
    const std::size_t index = turn_;
    turn_ = (turn_ + 1) % senders_.size();
    TcpSender& sender = *senders_[index];
    const auto decision = sender.next();
    if (!decision) {
      sender.idle();
      continue;
    }
    sender.sent(*decision);
    free_at_ = hw_->now() + wire_.frame_ps(decision->len);
    in_flight_.push_back({.seq = decision->seq,
                          .wire_at = free_at_ + one_way_ps_,
                          .ts_echo = sender.ts_echo(),
                          .payload = decision->len,
                          .socket = static_cast<std::int32_t>(index),
                          .fin = decision->fin,
                          .rst = decision->rst});
    hw_->at(in_flight_.back().wire_at, [this] { frame_arrives(); });
    kick();
    return;
  }
}

void TcpSenders::frame_arrives() {
  const Frame frame = in_flight_.front();
  in_flight_.pop_front();
  arrive(*sink_, frame);
}

std::unique_ptr<TrafficSource> make_tcp_senders(const Traffic& traffic, const Nic& nic, int sockets,
                                                sim::Hardware& hw, FrameSink& sink,
                                                sim::Stream stream) {
  return std::make_unique<TcpSenders>(traffic, nic, sockets, hw, sink, stream);
}

}  // namespace models
