/* SPDX-License-Identifier: BSD-2-Clause
 *
 * soreceive_stream as committed in 2009: sblock for the whole call. The chain stays in the buffer
 * and is walked without so_rcv; what was copied is dropped under so_rcv afterwards. A fault drops
 * nothing.
 */
#include "kernel.pml"

inline RECEIVE() {
  ENTER();
  WAIT_FOR_DATA(eof);
  if
  :: eof
  :: else ->
     d_step { k = (sb_cc < RESID -> sb_cc : RESID); m = sb_mb; fault = 0 };
#ifdef MUTATE_DROP_BEFORE_COPY
     do
     :: copied < k -> DROP_HEAD(); copied++
     :: else -> break
     od;
     copied = 0;
#endif
     UNLOCK(so_rcv);
     do
     :: !fault && copied < k ->
        COPYOUT(m, copied, fault);
        atomic { USE(m); m = m_next[m] }
     :: else -> break
     od;
     LOCK(so_rcv);
     if
     :: fault
     :: else ->
#ifndef MUTATE_DROP_BEFORE_COPY
        do
        :: k > 0 -> DROP_HEAD(); k--
        :: else -> break
        od;
#endif
        expect = expect + copied;
        UNLOCK(so_rcv);
        PRU_RCVD();
        LOCK(so_rcv)
     fi
  fi;
  LEAVE()
}

READER
