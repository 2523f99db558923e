// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "models/explore/parts.hpp"
#include "models/mbuf.hpp"
#include "sim/explore/program.hpp"

/// Where an execution of an explored scenario has ended: nothing can go on.
namespace models {

/// What is wrong there, if anything: `lost_wakeup` (asleep although there is data, an error or the
/// end of the stream), `deadlock` (with the chain of who waits for whom: a circle, or one that ends
/// in a thread that waits for what does not come), `sockbuf_accounting`, `bytes_lost`,
/// `mbuf_leaked`.
std::optional<sim::Finding> judge_end(std::span<const sim::ThreadEnd> ends,
                                      std::span<const ExploredThread> threads,
                                      const Connections& connections, const MbufPool& pool);

/// A number that tells ends apart: by how the threads ended, what readers got, and what is left in
/// the buffers.
std::uint64_t final_state(std::span<const sim::ThreadEnd> ends,
                          std::span<const ExploredThread> threads, const Connections& connections);

}  // namespace models
