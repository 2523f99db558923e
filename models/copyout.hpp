// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "models/mbuf.hpp"
#include "models/socket.hpp"
#include "sim/machine/kernel_ops.hpp"

namespace models {

/// The application's buffer in one receive call, and what was moved there.
class Uio {
 public:
  /// Bytes that one uiomove moved: [offset, offset + len) of the stream.
  struct Chunk {
    std::int64_t offset;
    std::int64_t len;
    sim::Picoseconds wire_at;  ///< when the last of them came off the wire
  };

  /// A new call with room for `resid_bytes`. Keeps the memory of the last one.
  void start(std::int64_t resid_bytes) {
    resid = resid_bytes;
    chunks.clear();
  }
  /// Bytes moved so far.
  std::int64_t moved() const;
  /// Forgets all but the first `bytes` moved: what follows is not the application's.
  void keep_first(std::int64_t bytes);

  std::int64_t resid = 0;  ///< room that is left
  std::vector<Chunk> chunks;
};

/// One planned misfortune of copyout. Without `offset` and `probability` it strikes the next
/// copyout, once.
struct CopyTrouble {
  enum class Kind : std::uint8_t { fault, page_fault };
  Kind kind = Kind::fault;
  bool active = true;                    ///< false: waits for its date or condition
  std::optional<std::int64_t> offset{};  ///< strikes once, where the stream has this byte
  std::optional<double> probability{};   ///< strikes each uiomove with this probability, 0..1
  bool once = false;                     ///< strikes no more after the first time
  sim::Picoseconds sleep_ps = 0;         ///< page_fault: how long the page takes to come
  std::int64_t struck = 0;               ///< how often it did
};

/// The misfortunes planned for the readers of one socket.
class CopyTroubles {
 public:
  /// What happens to one uiomove.
  struct Verdict {
    sim::Picoseconds sleep_ps = 0;  ///< sleeps first, for a page
    bool page_fault = false;
    std::optional<std::int64_t> fault_after;  ///< EFAULT once this many bytes are copied
  };

  /// Returns its index, for at().
  std::size_t add(const CopyTrouble& trouble);
  CopyTrouble& at(std::size_t index) { return troubles_[index]; }
  void clear() { troubles_.clear(); }
  sim::SharedMemory& memory() { return memory_; }
  bool empty() const { return troubles_.empty(); }
  Verdict judge(sim::KernelOps& k, std::int64_t offset, std::int64_t len);

 private:
  std::vector<CopyTrouble> troubles_;
  sim::SharedMemory memory_{"copyout"};
};

/// uiomove: copies `len` bytes of `m`, from `moff` on, to the application, holding no mutex. Costs
/// uiomove_setup_ps and, per byte, the cold or the warm rate, by whether this core touched the data
/// last. On EFAULT `uio` is as before the call [S: S73 kern_subr.c]. Violation
/// "mbuf_use_after_free" when somebody frees `m` under the copy.
Errno uiomove(sim::KernelOps& k, Socket& so, Mbuf& m, std::int64_t moff, std::int64_t len, Uio& uio,
              CopyTroubles* troubles);

}  // namespace models
