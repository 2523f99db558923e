// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>

/// Faults that tests put into the model on purpose, to see that exploring finds them. They exist
/// only where SOCKBUFSIM_MUTATIONS is defined, which is in the test program: elsewhere
/// SOCKBUFSIM_MUTATED is a constant, and no code is left of them.
namespace models {

enum class Mutation : std::uint8_t {
  none,
  sblock_removed,             ///< readers do not exclude anybody
  recheck_removed,            ///< putback_recheck does not look again
  reference_dropped,          ///< the call gives its file reference up before it copies
  wakeup_forgotten_append,    ///< sorwakeup does not wake
  wakeup_forgotten_eof,       ///< socantrcvmore does not wake
  wakeup_forgotten_sbunlock,  ///< sbunlock does not wake
  append_unlocked,            ///< the lower half lets so_rcv go before it appends
  drop_unlocked,              ///< sbdrop after so_rcv was dropped
  free_before_copy,           ///< sbdrop, then the copy
  flush_without_sblock,       ///< sorflush does not wait for the readers
  disconnect_without_sblock,  ///< neither does tcp_disconnect, where it has to
  early_sbunlock,             ///< putback_sblock lets sblock go before it copies
  tail_not_relinked,          ///< the put-back into an empty buffer leaves sb_mbtail alone
  tail_moved,                 ///< the put-back moves sb_mbtail though there is data behind
  sbfree_forgotten,           ///< an unlinked mbuf stays in the counters
  list_leaked,                ///< the private list is not freed
  segment_leaked,             ///< TCP does not free what it has no use for
  mark_ignored,               ///< sbcompress merges into mbufs that are marked
  backlog_dropped,            ///< release does not process the backlog
  ownership_ignored           ///< the lower half does not look whether somebody owns the socket
};

#ifdef SOCKBUFSIM_MUTATIONS
/// The fault that is in force.
extern Mutation active_mutation;
#define SOCKBUFSIM_MUTATED(which) (::models::active_mutation == ::models::Mutation::which)
#else
// A function, as linters are not content with a condition that is a literal.
constexpr bool not_mutated() { return false; }
#define SOCKBUFSIM_MUTATED(which) ::models::not_mutated()
#endif

}  // namespace models
