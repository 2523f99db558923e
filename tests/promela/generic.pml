/* SPDX-License-Identifier: BSD-2-Clause
 *
 * soreceive_generic: sblock for the whole call. so_rcv is dropped around the copy of each mbuf,
 * which stays at the head, and is unlinked and freed under so_rcv afterwards. A fault leaves the
 * mbuf being copied; those copied earlier in the call are gone, and the call fails all the same:
 * that loss is documented, so the application's next byte moves on with it.
 */
#include "kernel.pml"

inline RECEIVE() {
  ENTER();
  WAIT_FOR_DATA(eof);
  atomic { fault = 0; k = 0 };
  do
  :: !fault && sb_mb != 0 && k < RESID ->
     m = sb_mb;
     UNLOCK(so_rcv);
     COPYOUT(m, copied, fault);
     LOCK(so_rcv);
     if
     :: fault
     :: else ->
        atomic {
          USE(m);
          if
          :: m != sb_mb -> VIOLATE(head_changed)
          :: else
          fi
        };
        DROP_HEAD();
        k++
     fi
  :: else -> break
  od;
  expect = expect + copied;
  if
  :: eof || fault
  :: else -> UNLOCK(so_rcv); PRU_RCVD(); LOCK(so_rcv)
  fi;
  LEAVE()
}

READER
