/* SPDX-License-Identifier: BSD-2-Clause
 *
 * soreceive_stream of the mail of 2 March 2007, and the points where its four repairs differ. Of
 * the original only the mail's words are known; its shape is inference.
 *
 * Under so_rcv, at most RESID mbufs are detached as a private chain; both sblock and so_rcv are
 * dropped; the chain is copied, which a fault ends, or, between two mbufs, the sight of CANTRCVMORE
 * (read without a lock): "when the socket closes and we still have data around or the copyout
 * failed". What was copied is freed with no lock held. After a fault the whole chain goes back to
 * the head of the buffer, after an early end its rest.
 *
 * The files that include this one define
 *   HOLD_SBLOCK   sblock is kept until the call returns, pru_rcvd included
 *   HOLD_SOCKET   soref() at the call's start, sorele() at its end
 *   RECHECK       the relock is followed by a look at CANTRCVMORE, SS_NOFDREF and whether the
 *                 buffer was flushed in between; then the chain is dropped, not put back
 *   KEEP_CHARGED  detaching leaves sb_cc as it is; it falls when the mbufs are freed, under so_rcv
 */
#include "kernel.pml"

inline DETACH() {
  atomic {
    was_flushed = flushed;
    fault = 0;
    k = 0;
    m = 0;
    chain = sb_mb;
    do
    :: k < RESID && sb_mb != 0 -> USE(sb_mb); m = sb_mb; sb_mb = m_next[m]; k++
    :: else -> break
    od;
    m_next[m] = 0;
    if
    :: sb_mb == 0 -> sb_mbtail = 0
    :: else
    fi;
#ifndef KEEP_CHARGED
    sb_cc = sb_cc - k;
#endif
    m = chain
  }
}

/* `chain` to the head, under so_rcv; into an empty buffer, the tail has to be found again. */
inline PUT_BACK() {
  atomic {
    if
    :: flushed && !TOLERATE_ZOMBIES -> VIOLATE(putback_flushed)
    :: else
    fi;
    walk = chain;
    count = 1;
    do
    :: m_next[walk] != 0 -> USE(walk); walk = m_next[walk]; count++
    :: else -> break
    od;
    m_next[walk] = sb_mb;
#ifndef MUTATE_NO_TAIL_RELINK
    if
    :: sb_mb == 0 -> sb_mbtail = walk
    :: else
    fi;
#endif
    sb_mb = chain;
    chain = 0;
#ifndef KEEP_CHARGED
    sb_cc = sb_cc + count;
#endif
    if
    :: (WINDOW || TOLERATE_ZOMBIES) && sb_cc > sb_hiwat -> VIOLATE(sockbuf_overflow)
    :: else
    fi
  }
}

inline RECEIVE() {
#ifdef HOLD_SOCKET
  LOCK(so_rcv);
  so_count++;
  UNLOCK(so_rcv);
#endif
  ENTER();
  WAIT_FOR_DATA(eof);
  if
  :: eof -> LEAVE()
  :: else ->
     DETACH();
#if defined(HOLD_SBLOCK) && !defined(MUTATE_EARLY_SBUNLOCK)
     UNLOCK(so_rcv);
#else
     LEAVE();
#endif
#ifdef MUTATE_EARLY_SORELE
     LOCK(so_rcv);
     so_count--;
     SOFREE();
#endif
     do
     :: m == 0 || fault || (m != chain && cantrcvmore) -> break
     :: m != 0 && !fault ->
        COPYOUT(m, copied, fault);
        if
        :: fault -> d_step { copied = 0; m = chain }
        :: else -> m = m_next[m]
        fi
     od;
     /* What lies before `m` is the application's; `m` and what follows has to go back. */
     atomic { expect = expect + copied; k = 0 };
     do
     :: chain != m ->
        atomic {
          next_doomed = m_next[chain];
          M_FREE(chain);
          chain = next_doomed;
          next_doomed = 0;
          k++
        }
     :: else -> break
     od;
#ifdef KEEP_CHARGED
     LOCK(so_rcv);
     atomic {
       if
       :: sb_cc < k -> VIOLATE(cc_underflow)
       :: else -> sb_cc = sb_cc - k
       fi
     };
     UNLOCK(so_rcv);
#endif
     if
     :: chain != 0 ->
        LOCK(so_rcv);
#if defined(RECHECK) && !defined(MUTATE_NO_RECHECK)
        if
        :: cantrcvmore || nofdref || flushed != was_flushed ->
           UNLOCK(so_rcv);
           doomed = chain;
           chain = 0;
           M_FREEM()
        :: else -> PUT_BACK(); UNLOCK(so_rcv)
        fi
#else
        PUT_BACK();
        UNLOCK(so_rcv)
#endif
     :: else
     fi;
     if
     :: fault
     :: else -> PRU_RCVD()
     fi;
#if defined(HOLD_SBLOCK) && !defined(MUTATE_EARLY_SBUNLOCK)
     DROP_SBLOCK();
#endif
  fi;
#if defined(HOLD_SOCKET) && !defined(MUTATE_EARLY_SORELE)
  LOCK(so_rcv);
  so_count--;
  SOFREE();
#endif
  skip
}

READER
