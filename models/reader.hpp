// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "models/copyout.hpp"
#include "models/receive/receive.hpp"
#include "models/scenario/scenario.hpp"
#include "models/socket.hpp"
#include "sim/machine/kernel_ops.hpp"
#include "sim/observe/histogram.hpp"

namespace models {

/// How one application thread reads.
struct ReaderConfig {
  const ReceiveAlgorithm* algorithm = nullptr;
  std::int64_t read_bytes = 65536;  ///< room given to each call, > 0
  bool blocking = true;  ///< false: MSG_DONTWAIT, and a pause of poll_ps after EWOULDBLOCK
  bool waitall = false;
  bool peek = false;                 ///< looks with MSG_PEEK first, then consumes
  bool file_ref = true;              ///< false: an in-kernel user, without a file reference
  sim::Picoseconds poll_ps = 0;      ///< less than 1 ns counts as 1 ns
  sim::Picoseconds start_ps = 0;     ///< first call, after the thread's start
  std::int64_t max_reads = -1;       ///< calls that moved data; negative: no limit
  std::int64_t max_retries = -1;     ///< calls after EWOULDBLOCK; negative: no limit
  double process_ps_per_byte = 0.0;  ///< user time per byte read
  std::function<sim::Picoseconds()> process_ps;  ///< draws the user time per read; empty: none

  /// From a scenario's reader: all but `algorithm` and `process_ps`, which needs a random stream.
  static ReaderConfig from(const Reader& spec);
  /// From a second_reader disturbance, likewise.
  static ReaderConfig from(const Disturb& spec);
};

/// Why a reader stopped.
enum class ReaderEnd : std::uint8_t {
  running,
  eof,
  reset,           ///< ECONNRESET
  bad_descriptor,  ///< EBADF
  not_connected,   ///< ENOTCONN
  closing,         ///< an in-kernel user whose socket is being closed
  max_reads,
  max_retries
};
std::string_view to_string(ReaderEnd end);

/// What happened since the last reset.
struct ReaderStats {
  std::int64_t reads = 0;        ///< calls that moved data, without peeks
  std::int64_t bytes = 0;        ///< moved by them
  std::int64_t fresh_bytes = 0;  ///< of them, those whose frame began to arrive after the reset
  std::int64_t peeks = 0;
  std::int64_t peeked_bytes = 0;
  std::int64_t would_block = 0;  ///< EWOULDBLOCK
  std::int64_t faults = 0;       ///< EFAULT
  std::int64_t lost_bytes = 0;   ///< lost to the application by calls that ended with EFAULT
  std::int64_t interrupted = 0;  ///< EINTR; the call is made again
  /// From the wire to the return from the read, in picoseconds: one value per mbuf (or part) that a
  /// read moved, of its last byte. Peeks are left out.
  sim::Histogram delivery_latency_ps;

  /// At the end of the warm-up.
  void reset();
};

/// The loop of an application thread: enter the kernel, receive, return, process. Checks that each
/// byte of the stream arrives exactly once: violations "stream_reordered", "bytes_lost",
/// "bytes_duplicated".
class ReaderThread {
 public:
  /// `socket` must outlive it. `troubles` may be null.
  ReaderThread(Socket& socket, ReaderConfig config, CopyTroubles* troubles);
  ReaderThread(const ReaderThread&) = delete;
  ReaderThread& operator=(const ReaderThread&) = delete;

  /// The thread's body: returns when the stream ends, the descriptor is gone, or max_reads is
  /// reached.
  void run(sim::KernelOps& k);

  /// Back to the state before run(), with a socket that was made anew in the same place.
  void start_over();

  const ReaderStats& stats() const { return stats_; }
  /// At the end of the warm-up. max_reads counts on. Bytes that came off the wire from
  /// `fresh_from_ps` on count as fresh: the reset's date and the time that a frame takes to arrive.
  void reset_stats(sim::Picoseconds fresh_from_ps) {
    stats_.reset();
    fresh_from_ps_ = fresh_from_ps;
  }
  ReaderEnd end() const { return end_; }
  /// Bytes that have to be in the buffer for the call in progress to go on, unless the stream ends;
  /// at least 1.
  std::int64_t awaited_bytes() const;
  const Socket& socket() const { return so_; }

 private:
  enum class Next : std::uint8_t { go_on, stop };
  /// One system call. Its result is in `result`.
  Next call(sim::KernelOps& k, bool peek, ReceiveResult& result);
  Next after_error(sim::KernelOps& k, const ReceiveResult& result);
  void check_internal_order(sim::KernelOps& k) const;
  void account(sim::KernelOps& k, const ReceiveResult& result);
  Next stop(ReaderEnd end);

  Socket& so_;
  ReaderConfig config_;
  CopyTroubles* troubles_;
  Uio uio_;
  ReaderStats stats_;
  sim::Picoseconds fresh_from_ps_ = 0;
  std::int64_t done_reads_ = 0;
  ReaderEnd end_ = ReaderEnd::running;
};

}  // namespace models
