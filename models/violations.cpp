// SPDX-License-Identifier: BSD-2-Clause
#include "models/violations.hpp"

#include <array>

namespace models {

std::span<const ViolationKind> violation_kinds() {
  static constexpr std::array<ViolationKind, 26> kKinds = {{
      {"destroyed_lock", "A lock was used after it had been destroyed."},
      {"recursed_lock", "A thread took a lock again that it already held."},
      {"not_owner", "A thread released a lock that it did not hold."},
      {"lock_not_held", "Code that needs a mutex ran without it."},
      {"putback_destroyed", "A chain came back to a socket buffer that is gone."},
      {"putback_flushed", "A chain came back to a socket buffer that was flushed meanwhile."},
      {"sbflush_locked", "The kernel's own panic: sbflush met a buffer that was locked."},
      {"sbflush_panic", "The kernel's own panic: the flush left something, or counters not at 0."},
      {"sbdrop", "The kernel's own panic: more bytes to drop than there are in the buffer."},
      {"sbappendstream", "The kernel's own assertion: a stream's buffer held several records."},
      {"sockbuf_head_changed", "Somebody else removed data from the head during a copy."},
      {"sockbuf_overflow", "More bytes in the buffer than its limit, and no put-back explains it."},
      {"mbuf_double_free", "An mbuf was freed twice."},
      {"mbuf_use_after_free", "An mbuf was used after it had been freed."},
      {"socket_use_after_free", "A socket was used after it had been freed."},
      {"waiters_on_freed_socket", "A thread waited for a lock or channel of a freed socket."},
      {"sockbuf_accounting", "Counters or tail pointers of the buffer did not fit its chain."},
      {"lost_wakeup", "A thread slept for ever although it had something to do."},
      {"mbuf_leaked", "An mbuf was left that no buffer and no thread had."},
      {"lock_order_reversal", "Two locks were taken in both orders."},
      {"copyout_with_mutex", "Data was copied to the application with a mutex held."},
      {"sleep_with_mutex", "A thread slept with a mutex held."},
      {"stream_reordered", "Bytes of the stream were out of order."},
      {"bytes_lost", "Bytes of the stream never reached the application."},
      {"bytes_duplicated", "Bytes of the stream reached the application twice."},
      {"deadlock", "Threads waited for each other for ever."},
  }};
  return kKinds;
}

}  // namespace models
