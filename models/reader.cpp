// SPDX-License-Identifier: BSD-2-Clause
#include "models/reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "models/close_path.hpp"
#include "models/mutation.hpp"
#include "sim/base/assert.hpp"

namespace models {

ReaderConfig ReaderConfig::from(const Reader& spec) {
  ReaderConfig config;
  config.read_bytes = spec.read_bytes;
  config.blocking = spec.blocking;
  config.waitall = spec.waitall;
  config.peek = spec.peek;
  config.file_ref = spec.file_ref;
  config.poll_ps = sim::from_us(spec.poll_us);
  config.start_ps = sim::from_us(spec.start_us);
  config.max_reads = spec.max_reads.value_or(-1);
  config.process_ps_per_byte = spec.process_ns_per_byte * 1e3;
  return config;
}

ReaderConfig ReaderConfig::from(const Disturb& spec) {
  ReaderConfig config;
  config.read_bytes = spec.read_bytes;
  config.blocking = spec.blocking;
  config.waitall = spec.waitall;
  config.peek = spec.peek;
  config.file_ref = spec.file_ref;
  config.poll_ps = 10 * sim::kMicrosecond;
  config.max_reads = spec.max_reads.value_or(-1);
  return config;
}

std::string_view to_string(ReaderEnd end) {
  switch (end) {
    case ReaderEnd::running:
      return "running";
    case ReaderEnd::eof:
      return "eof";
    case ReaderEnd::reset:
      return "reset";
    case ReaderEnd::bad_descriptor:
      return "bad_descriptor";
    case ReaderEnd::not_connected:
      return "not_connected";
    case ReaderEnd::closing:
      return "closing";
    case ReaderEnd::max_reads:
      return "max_reads";
    case ReaderEnd::max_retries:
      return "max_retries";
  }
  return "?";
}

void ReaderStats::reset() {
  sim::Histogram kept = std::move(delivery_latency_ps);  // its storage
  kept.reset();
  *this = {};
  delivery_latency_ps = std::move(kept);
}

ReaderThread::ReaderThread(Socket& socket, ReaderConfig config, CopyTroubles* troubles)
    : so_(socket), config_(std::move(config)), troubles_(troubles) {
  SIM_ASSERT(config_.algorithm != nullptr, "a reader needs a receive algorithm");
  SIM_ASSERT(config_.read_bytes > 0, "a reader needs room to read into");
  ++so_.reader_count;
}

void ReaderThread::start_over() {
  ++so_.reader_count;
  stats_.reset();
  done_reads_ = 0;
  end_ = ReaderEnd::running;
}

std::int64_t ReaderThread::awaited_bytes() const {
  const Sockbuf& sb = so_.so_rcv;
  const std::int64_t enough =
      config_.waitall ? std::min(uio_.resid, sb.sb_hiwat) : std::min(uio_.resid, sb.sb_lowat);
  return std::max<std::int64_t>(enough, 1);
}

ReaderThread::Next ReaderThread::stop(ReaderEnd end) {
  end_ = end;
  return Next::stop;
}

void ReaderThread::run(sim::KernelOps& k) {
  if (config_.start_ps > 0) k.pause(config_.start_ps);
  if (config_.max_reads == 0) end_ = ReaderEnd::max_reads;
  while (end_ == ReaderEnd::running) {
    ReceiveResult result;
    if (config_.peek) {
      if (call(k, true, result) == Next::stop) return;
      if (result.error != Errno::ok) continue;
    }
    if (call(k, false, result) == Next::stop) return;
    if (result.error != Errno::ok) continue;
    const sim::Picoseconds user =
        (config_.process_ps ? config_.process_ps() : 0) +
        sim::round_to_ps(static_cast<double>(result.bytes) * config_.process_ps_per_byte);
    if (user > 0) k.spend_exactly(sim::Work::application, user);
    if (config_.max_reads >= 0 && ++done_reads_ >= config_.max_reads) stop(ReaderEnd::max_reads);
  }
}

ReaderThread::Next ReaderThread::call(sim::KernelOps& k, bool peek, ReceiveResult& result) {
  const sim::Picoseconds syscall = so_.so_rcv.costs().syscall_ps;
  k.spend(sim::Work::syscall, syscall / 2);
  if (config_.file_ref) {
    if (!fget(k, so_)) return stop(ReaderEnd::bad_descriptor);
  } else {
    k.unlocked_access(so_.descriptor, sim::Access::read);
    if (so_.kernel_closing) return stop(ReaderEnd::closing);
  }
  if (so_.so_rcv.observer != nullptr) {
    so_.so_rcv.observer->happened(k, SockbufObserver::Event::read);
  }
  if (SOCKBUFSIM_MUTATED(reference_dropped) && config_.file_ref) fdrop(k, so_);
  uio_.start(config_.read_bytes);
  const ReceiveFlags flags{peek, config_.waitall, !config_.blocking};
  result = config_.algorithm->function(k, so_, uio_, flags, ReceiveContext{troubles_});
  if (result.error == Errno::ok || result.lost > 0) {
    check_internal_order(k);
    if (!peek) account(k, result);
  }
  if (config_.file_ref && !SOCKBUFSIM_MUTATED(reference_dropped)) fdrop(k, so_);
  k.spend(sim::Work::syscall, syscall - syscall / 2);
  k.user_return();
  if (result.error != Errno::ok) return after_error(k, result);
  if (result.bytes == 0) return stop(ReaderEnd::eof);
  if (peek) {
    ++stats_.peeks;
    stats_.peeked_bytes += result.bytes;
    return Next::go_on;
  }
  ++stats_.reads;
  stats_.bytes += result.bytes;
  const sim::Picoseconds now = k.now();
  for (const Uio::Chunk& chunk : uio_.chunks) {
    stats_.delivery_latency_ps.add(now - chunk.wire_at);
    if (chunk.wire_at >= fresh_from_ps_) stats_.fresh_bytes += chunk.len;
  }
  return Next::go_on;
}

void ReaderThread::account(sim::KernelOps& k, const ReceiveResult& result) {
  if (uio_.chunks.empty()) return;
  const std::int64_t first = uio_.chunks.front().offset;
  if (result.error == Errno::ok) {
    so_.delivered.deliver(k, first, uio_.moved(), so_.reader_count == 1);
  } else {
    so_.delivered.skip(k, first, uio_.moved());
  }
}

void ReaderThread::check_internal_order(sim::KernelOps& k) const {
  for (std::size_t i = 1; i < uio_.chunks.size(); ++i) {
    const std::int64_t end = uio_.chunks[i - 1].offset + uio_.chunks[i - 1].len;
    const std::int64_t next = uio_.chunks[i].offset;
    if (next == end) continue;
    k.violate(next < end ? "bytes_duplicated" : "stream_reordered",
              fmt::format("within one read, byte {} of the stream follows byte {}", next, end - 1));
  }
}

ReaderThread::Next ReaderThread::after_error(sim::KernelOps& k, const ReceiveResult& result) {
  switch (result.error) {
    case Errno::ewouldblock:
      if (++stats_.would_block > config_.max_retries && config_.max_retries >= 0) {
        return stop(ReaderEnd::max_retries);
      }
      k.poll_again(std::max(config_.poll_ps, sim::kNanosecond));
      return Next::go_on;
    case Errno::efault:
      ++stats_.faults;
      stats_.lost_bytes += result.lost;
      k.pause(sim::kNanosecond);  // time passes even where all work is free
      return Next::go_on;
    case Errno::eintr:
      ++stats_.interrupted;
      return Next::go_on;
    case Errno::econnreset:
      return stop(ReaderEnd::reset);
    case Errno::enotconn:
      return stop(ReaderEnd::not_connected);
    case Errno::ebadf:
      return stop(ReaderEnd::bad_descriptor);
    case Errno::einval:
    case Errno::ok:
      break;
  }
  SIM_ASSERT(false, "a receive call ended with an error that no reader can cause");
  return Next::stop;
}

}  // namespace models
