// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "models/receive/receive.hpp"

/// What the receive algorithms share: the entries of the registry, sblock, and the ends of a call.
namespace models::receive {

extern const ReceiveAlgorithm kGeneric;
extern const ReceiveAlgorithm kStreamPutback;
extern const ReceiveAlgorithm kStreamInplace;
extern const ReceiveAlgorithm kPerPacket;
extern const ReceiveAlgorithm kStealDiscard;
extern const ReceiveAlgorithm kMarkInplace;
extern const ReceiveAlgorithm kConsumeOnFault;
extern const ReceiveAlgorithm kLinuxBacklog;
extern const ReceiveAlgorithm kPutbackSblock;
extern const ReceiveAlgorithm kPutbackRef;
extern const ReceiveAlgorithm kPutbackRecheck;
extern const ReceiveAlgorithm kPutbackCharged;

/// Whether sblock is the flag in sb_flags, which is taken and dropped under so_rcv. The sx(9) lock
/// is taken before so_rcv and dropped after it, whatever the era: one must not sleep with a mutex
/// held.
inline bool flag_sblock(const Socket& so) { return so.sblock == Sblock::flag; }

/// Takes sblock and so_rcv, in the order of the kind of sblock; spends soreceive_setup_ps before
/// so_rcv. EWOULDBLOCK or EINTR: neither is held. The flag lock never fails: the macro of 2006
/// discards the error and the caller goes on as if it owned the lock [S06].
Errno enter(sim::KernelOps& k, Socket& so, ReceiveFlags flags, const sim::LockPoint& point);
/// Drops both.
void leave(sim::KernelOps& k, Socket& so);

/// The parts of enter and leave, for code that takes them one by one.
Errno sx_sblock(sim::KernelOps& k, Socket& so, bool dontwait, bool nointr);
void flag_sblock_locked(sim::KernelOps& k, Socket& so, bool dontwait);
void flag_sbunlock_locked(sim::KernelOps& k, Socket& so);

/// so_error as the call's result; cleared unless PEEK.
Errno take_error(sim::KernelOps& k, Socket& so, ReceiveFlags flags);

/// What to do at the head of soreceive_stream's loop [S104], with so_rcv held.
enum class Step : std::uint8_t { deliver, wait, done };
struct Decision {
  Step step;
  Errno error = Errno::ok;  ///< with done
};
Decision decide_stream(sim::KernelOps& k, Socket& so, const Uio& uio, ReceiveFlags flags,
                       std::int64_t removed);

/// Copies `len` bytes of the buffer, which stay there, from `skip` bytes behind its head on. No
/// mutex is held: the lower half may append, and let the last mbuf grow, meanwhile; `len` keeps the
/// walk within what was there.
Errno copy_in_place(sim::KernelOps& k, Socket& so, Uio& uio, std::int64_t len,
                    CopyTroubles* troubles, std::int64_t skip = 0);

/// One call on its way: what it works on, how it waits for a stream, and its ends. Each algorithm
/// that holds sblock over its waits is a class of its own over it, with a function run().
class Call {
 public:
  Call(sim::KernelOps& k, Socket& so, Uio& uio, ReceiveFlags flags, const ReceiveContext& context)
      : k_(k), so_(so), sb_(so.so_rcv), uio_(uio), flags_(flags), troubles_(context.troubles) {}

 protected:
  /// Waits with so_rcv held until decide_stream says deliver or done; a signal is done, too.
  Decision wait_for_stream();

  /// The call ends, with nothing held. Without an error what it removed from the buffer is the
  /// application's; else it is lost, and all that the uio keeps.
  ReceiveResult end(Errno error);
  /// Drops so_rcv and sblock before.
  ReceiveResult leave_and_end(Errno error);

  sim::KernelOps& k_;
  Socket& so_;
  Sockbuf& sb_;
  Uio& uio_;
  const ReceiveFlags flags_;
  CopyTroubles* troubles_;
  std::int64_t removed_ = 0;  ///< bytes that this call took off the buffer
};

}  // namespace models::receive
