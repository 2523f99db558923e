/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The lower half, the disturber, the watcher, and the reader's frame. Part of kernel.pml.
 */

/* The interrupt thread: two segments by header prediction, each appended, or freed when nobody will
 * read it. All lie within the window advertised before, which TCP honours even if the buffer has
 * shrunk since. Data that finds the file closed makes TCP reset the connection. */
active proctype lower_half() provided (RUNNING) {
  byte m, seg, doomed, next_doomed;
  ready;
  do
  :: seg < SEGMENTS ->
#if WINDOW
     awaits_window = 1;
     atomic { (sb_hiwat > sb_cc || cantrcvmore); awaits_window = 0 };
#endif
     atomic {
       seg++;
       segment++;
       m = segment;
       m_live[m] = 1;
       LOCK(tcp);
       if
       :: inp_detached -> UNLOCK(tcp); M_FREE(m); m = 0
       :: else -> LOCK(tcpinp)
       fi
     };
     if
     :: m == 0
     :: else ->
        if
        :: atomic { tcp_closed -> UNLOCK(tcpinp); UNLOCK(tcp); M_FREE(m) }
        :: !tcp_closed && nofdref -> TCP_CLOSE(); M_FREE(m)
        :: atomic { !tcp_closed && !nofdref -> UNLOCK(tcp) };
           atomic {
             LOCK(so_rcv);
             if
             :: cantrcvmore -> M_FREE(m)
             :: else -> APPEND(m)
             fi;
#ifndef MUTATE_NO_DATA_WAKEUP
             WAKE_READER();
#endif
           };
           atomic { UNLOCK(so_rcv); UNLOCK(tcpinp) }
        fi
     fi
  :: else -> break
  od;
  atomic { m = 0; lower_done = 1 }
}

active proctype disturber() provided (RUNNING) {
  byte doomed, next_doomed, disconnects;
  bit closes;
  ready;
#if DISTURB == P1
  SORFLUSH();
#elif DISTURB == P2
  copy_begun;
  SOCLOSE();
#elif DISTURB == P2_SHUTDOWN
  copy_begun;
  SORFLUSH();
  SOCLOSE();
#elif DISTURB == P2_FILEREF
  fd_open = 0;
  FDROP();
#elif DISTURB == P4
  atomic { LOCK(tcp); LOCK(tcpinp) };
  TCP_CLOSE();
#endif
#if CLOSES
  so_closed; /* and some time later a timer ends the connection */
  atomic {
    LOCK(tcp);
    if
    :: inp_detached || tcp_closed -> UNLOCK(tcp)
    :: else -> LOCK(tcpinp)
    fi
  };
  if
  :: tcp.owner == _pid + 1 -> TCP_CLOSE()
  :: else
  fi;
#endif
  disturber_done = 1
}

/* Looks at a system in which nothing can happen any more. */
active proctype watcher() {
  timeout;
  if
  :: !RUNNING
  :: RUNNING && reader_done && disturber_done && (lower_done || awaits_window) ->
     atomic {
       CHECK_CHAIN();
       last = 0;
       walk = 1;
       do
       :: walk < MBUFS -> last = last + m_live[walk]; walk++
       :: else -> break
       od;
       if
       :: last != sb_cc -> VIOLATE(mbuf_leaked)
       :: else
       fi;
       if
       :: !flushed && expect + sb_cc != appended + 1 -> VIOLATE(stream_lost)
       :: else
       fi
     }
  :: RUNNING && !reader_done && cc_sleeper ->
     if
     :: sb_cc > 0 || cantrcvmore -> atomic { VIOLATE(lost_wakeup) }
     :: else /* it waits for what nobody sends */
     fi
  :: RUNNING && !(reader_done && disturber_done && (lower_done || awaits_window)) &&
     !(!reader_done && cc_sleeper) -> atomic { VIOLATE(deadlock) }
  fi
}

/* The reader: chooses what lies in the buffer at the start, then reads. */
#define READER \
active proctype reader() provided (RUNNING) { \
  byte reads, m, copied, k, chain, doomed, next_doomed, disconnects; \
  bit fault, eof, closes, was_flushed; \
  do \
  :: segment < PRELOAD -> \
     atomic { segment++; m_live[segment] = 1; APPEND(segment) } \
  :: break \
  od; \
  ready = 1; \
  do \
  :: reads < READS -> \
     atomic { \
       reads++; \
       copied = 0; \
       if \
       :: fd_open -> f_count++ \
       :: else -> break \
       fi \
     }; \
     RECEIVE(); \
     FDROP() \
  :: else -> break \
  od; \
  atomic { \
    m = 0; copied = 0; k = 0; chain = 0; fault = 0; eof = 0; closes = 0; was_flushed = 0; \
    reader_done = 1 \
  } \
}
