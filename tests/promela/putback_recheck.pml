/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Repair 3: after the relock the reader looks at CANTRCVMORE, SS_NOFDREF and whether the buffer was
 * flushed since the detach (a generation); if any is so, it frees the chain instead of putting it
 * back.
 *
 * To look, it has to lock, and nothing keeps the lock alive: under P2 the recheck itself comes too
 * late. CANTRCVMORE is more than a sign of a flush: RST and FIN set it and leave the data readable
 * (P4, where the drop loses bytes), and sorflush of May 2007 sets it before it flushes, so that a
 * second read can meet what followed the dropped bytes (READS=2).
 */
#define RECHECK
#include "putback.pml"
